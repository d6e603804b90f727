import { ApiError, call } from '../api/client'
import { Live, newer } from '../api/live'
import type { PairingView, ScreenView } from '../api/types.gen'
import { locale, speak } from '../locale/index.svelte'
import { phaseOf, type Phase } from './view'

/**
 * Says on this browser that it is the customer's for good, so that its start
 * page leads to the screen. A second monitor of the counter does not say so.
 */
const mark = 'shopbox.screen'

/** Keeps this browser to the customer's screen. */
export function keepToScreen(): void {
  localStorage.setItem(mark, 'yes')
}

/** Whether this browser is kept to the customer's screen. */
export function keptToScreen(): boolean {
  return localStorage.getItem(mark) === 'yes'
}

/** CustomerScreen is what a browser that faces the customer shows. */
export class CustomerScreen {
  view = $state.raw<ScreenView | undefined>()
  /** Whether the box can be heard. */
  line = $state(true)
  /** The box's time, by this browser's clock. */
  now = $state(Date.now())
  readonly phase = $derived.by((): Phase | undefined =>
    this.view ? phaseOf(this.view, this.now - this.#doneAt) : undefined,
  )

  #live = new Live<ScreenView>('/api/screen/live', {
    before: () => this.#join(),
    state: (view) => this.#take(view),
    line: (up) => (this.line = up),
  })
  #skew = 0
  /** Since when the finished sale is shown. */
  #doneAt = $state(0)
  #spoken = false

  /** Starts listening to the box; the returned function stops it. */
  start(): () => void {
    const wake = () => document.visibilityState === 'visible' && this.#live.open()
    const clock = setInterval(() => (this.now = Date.now() + this.#skew), 1_000)
    document.addEventListener('visibilitychange', wake)
    window.addEventListener('online', wake)
    this.#live.open()
    return () => {
      clearInterval(clock)
      this.#live.close()
      document.removeEventListener('visibilitychange', wake)
      window.removeEventListener('online', wake)
    }
  }

  /** Speaks the customer's language until the sale is over. */
  speak(language: string): void {
    this.#spoken = true
    speak(language)
  }

  /** Is a screen already, or asks to be one. */
  async #join(): Promise<void> {
    try {
      this.#take(await call<ScreenView>('GET', '/api/screen'))
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'screen_unpaired') throw error
      localStorage.removeItem(mark)
      await call<PairingView>('POST', '/api/screen/pairing')
    }
  }

  #take(view: ScreenView): void {
    if (!newer(view, this.view) && view.code === this.view?.code) return
    this.#skew = Date.parse(view.now) - Date.now()
    this.now = Date.parse(view.now)
    if (view.done && view.done.number !== this.view?.done?.number) this.#doneAt = this.now
    const over = view.lines.length === 0 && !view.payment && !view.done
    if (over) this.#spoken = false
    if (!this.#spoken && view.language !== locale.language) speak(view.language)
    this.view = view
  }
}
