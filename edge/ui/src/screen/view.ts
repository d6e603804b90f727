import type { ScreenPaymentView, ScreenView } from '../api/types.gen'
import type { Key } from '../locale/index.svelte'

/** What fills the customer's screen. */
export type Phase = 'pairing' | 'idle' | 'bill' | 'payment' | 'done'

/** The next customer does not see what the last one paid: after so many ms. */
export const thanksFor = 60_000

/** What to show of a view; doneFor says how long its finished sale was shown. */
export function phaseOf(view: ScreenView, doneFor: number): Phase {
  if (view.code) return 'pairing'
  if (view.lines.length > 0) return 'bill'
  if (view.payment) return 'payment'
  return view.done && doneFor < thanksFor ? 'done' : 'idle'
}

const progress: Record<string, Key> = {
  insert_card: 'screen.insertCard',
  remove_card: 'screen.removeCard',
  enter_pin: 'screen.enterPin',
  asking_host: 'screen.askingHost',
  sign: 'screen.sign',
}

/** What a payment asks of the customer. */
export function messageOf(payment: ScreenPaymentView): Key {
  if (payment.state === 'failed') return 'screen.failed'
  if (payment.state === 'checking') return 'screen.checking'
  return progress[payment.progress ?? ''] ?? 'screen.wait'
}

/** The line that is new or has another quantity or amount, the last such. */
export function changedLine(view: ScreenView, before: ScreenView | undefined): string | undefined {
  return view.lines.findLast((line) => {
    const old = before?.lines.find((each) => each.id === line.id)
    return old?.quantity !== line.quantity || old.amount !== line.amount
  })?.id
}

/** A code in two groups, for the eye: 482 193. */
export function inGroups(code: string): string {
  return code.replace(/(\d{3})(?=\d)/g, '$1 ')
}
