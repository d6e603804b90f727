import { Wedge, gap, isModifier, type Key } from './wedge'

/** Takes a scanned code; the newest taker gets it. */
export type ScanTaker = (code: string) => void

/** Takes a key a person pressed; true when it did something with it. */
export type KeyTaker = (key: string) => boolean

interface Field {
  element: HTMLInputElement | HTMLTextAreaElement
  before: string
}

/**
 * Keyboard is the one listener for keys. It gives codes from a wedge scanner
 * to the newest scan taker, wherever the focus is and without leaving a trace
 * in the field that had it, and everything else to the newest key taker.
 */
export class Keyboard {
  #wedge = new Wedge()
  #scans: ScanTaker[] = []
  #keys: KeyTaker[] = []
  #field: Field | undefined
  #flush: ReturnType<typeof setTimeout> | undefined

  /** Starts listening; the returned function stops it. */
  listen(target: Window): () => void {
    const on = (event: KeyboardEvent) => this.#hear(event)
    target.addEventListener('keydown', on, true)
    target.addEventListener('keyup', on, true)
    return () => {
      target.removeEventListener('keydown', on, true)
      target.removeEventListener('keyup', on, true)
    }
  }

  /** Gives codes to a taker until the returned function is called. */
  onScan(taker: ScanTaker): () => void {
    return push(this.#scans, taker)
  }

  /**
   * Gives a person's keys to a taker until the returned function is called.
   * Keys typed into a field reach no taker, except Escape and the F-keys.
   */
  onKey(taker: KeyTaker): () => void {
    return push(this.#keys, taker)
  }

  #hear(event: KeyboardEvent): void {
    const field = fieldOf(event.target)
    // What was held before a pause was typing, also when a busy screen has not
    // come round to saying so.
    if (event.type === 'keydown' && this.#wedge.paused(event.timeStamp)) this.#release()
    const verdict = this.#wedge.take(describe(event))
    switch (verdict.kind) {
      case 'held':
        if (verdict.first) this.#field = field && { element: field, before: field.value }
        if (!field) swallow(event)
        this.#waitForMore()
        return
      case 'scan':
        swallow(event)
        this.#scanned(verdict.code)
        return
      case 'stray':
        swallow(event)
        return
      case 'pass':
        // A scanner presses Shift and Alt between its characters.
        if (event.type === 'keydown' && !isModifier(event.code)) {
          this.#typed(event, field !== undefined)
        }
    }
  }

  #typed(event: KeyboardEvent, inField: boolean): void {
    this.#release()
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
    const always = event.key === 'Escape' || /^F\d+$/.test(event.key)
    if (inField && !always) return
    if (event.key === 'Enter' && pressable(event.target)) return
    if (this.#offer(event.key)) swallow(event)
  }

  #waitForMore(): void {
    clearTimeout(this.#flush)
    this.#flush = setTimeout(() => this.#release(), gap + 10)
  }

  /** Ends the waiting: what was held is a code without Enter, or typing. */
  #release(): void {
    clearTimeout(this.#flush)
    if (!this.#wedge.holding) return
    const { code, typed } = this.#wedge.idle(performance.now())
    if (code) this.#scanned(code)
    else if (typed && !this.#field) for (const key of typed) this.#offer(key)
    this.#field = undefined
  }

  #scanned(code: string): void {
    clearTimeout(this.#flush)
    this.#restoreField()
    this.#scans.at(-1)?.(code)
  }

  /** Takes the scanner's characters out of the field they fell into. */
  #restoreField(): void {
    const field = this.#field
    this.#field = undefined
    if (!field) return
    const { element, before } = field
    const restore = () => {
      if (element.value === before) return
      element.value = before
      element.dispatchEvent(new Event('input', { bubbles: true }))
    }
    restore()
    // An input method hands its last syllable over only after this event.
    setTimeout(restore, 0)
  }

  #offer(key: string): boolean {
    return this.#keys.toReversed().some((taker) => taker(key))
  }
}

function push<T>(list: T[], entry: T): () => void {
  list.push(entry)
  return () => {
    const index = list.lastIndexOf(entry)
    if (index >= 0) list.splice(index, 1)
  }
}

function describe(event: KeyboardEvent): Key {
  const { type, code, shiftKey, altKey, ctrlKey, metaKey, repeat, timeStamp } = event
  const capsLock = event.getModifierState('CapsLock')
  return { type, code, shiftKey, altKey, ctrlKey, metaKey, repeat, timeStamp, capsLock }
}

function fieldOf(target: EventTarget | null): HTMLInputElement | HTMLTextAreaElement | undefined {
  if (target instanceof HTMLTextAreaElement) return target
  if (!(target instanceof HTMLInputElement)) return undefined
  return ['checkbox', 'radio', 'range', 'file', 'button'].includes(target.type) ? undefined : target
}

/** Whether Enter already means something where the focus is. */
function pressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, select') !== null
}

function swallow(event: Event): void {
  event.preventDefault()
  event.stopPropagation()
}
