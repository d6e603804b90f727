import { ApiError, newKey, type Params } from '../api/client'
import { newer } from '../api/live'
import type { CartView, State } from '../api/types.gen'
import {
  draw,
  merge,
  requestOf,
  type Action,
  type Item,
  type Request,
  type Step,
} from './optimistic'

/** What the till needs of the rest of the screen. */
export interface TillWorld {
  /** Sends a request that answers with a snapshot. */
  send(request: Request): Promise<State>
  /** A request was answered well. */
  answered(step: Step): void
  /** A request was refused or lost. */
  refused(error: ApiError, step: Step): void
  /** Lets time pass between two tries of a payment. */
  pause(milliseconds: number): Promise<void>
}

/** How a cart is paid. */
export interface Paying {
  tender: 'cash' | 'card'
  /** A part of what is due; absent for all of it. */
  amount?: number
  /** Cash handed over; absent for exactly the amount. */
  received?: number
  /** The number of months a card is charged in; absent for at once. */
  instalments?: number
}

/** How often a payment without an answer is sent again, with the same key. */
const payTries = 6

/**
 * Till is the counter's one cart: the box's snapshot with the taps drawn over
 * it that the box has not answered yet. Taps are sent one after another, in
 * order; snapshots that come while one is on its way wait for its answer, so
 * that no tap is ever drawn twice.
 */
export class Till {
  /** The snapshot shown; undefined until the first one came. */
  state = $state.raw<State | undefined>()
  steps = $state.raw<Step[]>([])
  readonly cart = $derived.by((): CartView | undefined =>
    this.state ? this.steps.reduce(draw, this.state.cart) : undefined,
  )
  readonly paying = $derived(this.steps.some((step) => step.kind === 'pay'))
  /** Whether something was tapped that the box has not answered. */
  readonly busy = $derived(this.steps.length > 0)

  #latest: State | undefined
  #sending = false
  #count = 0
  #unanswered: { of: string; key: string } | undefined

  constructor(readonly world: TillWorld) {}

  /** Takes a snapshot of the box; an older one changes nothing. */
  accept(state: State): void {
    if (!newer(state, this.#latest)) return
    this.#latest = state
    const shown = this.state
    this.state = this.#sending && shown ? { ...state, cart: shown.cart } : state
  }

  /** Forgets everything, for another person or another box. */
  reset(): void {
    this.#latest = undefined
    this.steps = []
  }

  add(item: Item, quantity = 1000): void {
    this.run({ kind: 'add', item, quantity })
  }

  /** Does an action as soon as the ones before it are answered. */
  run(action: Action): void {
    const last = this.steps.at(-1)
    // The first step is already on its way while sending.
    const merged = last && this.steps.length > 1 ? merge(last, action) : undefined
    this.steps = merged
      ? [...this.steps.slice(0, -1), merged]
      : [...this.steps, { ...action, id: ++this.#count }]
    void this.#drain()
  }

  request(method: Request['method'], path: string, body?: unknown): void {
    this.run({ kind: 'request', request: { method, path, body } })
  }

  /**
   * Pays the cart. A second tap while the first has no answer does nothing; a
   * payment whose answer was lost goes out again with the same key.
   */
  pay(paying: Paying): void {
    const cart = this.cart
    if (!cart || this.paying || cart.lines.length === 0) return
    const of = JSON.stringify([cart.id, cart.paid, paying])
    const key = this.#unanswered?.of === of ? this.#unanswered.key : newKey()
    this.#unanswered = { of, key }
    const request: Request = { method: 'POST', path: '/api/cart/pay', body: { key, ...paying } }
    this.run({ kind: 'pay', key, due: cart.due, request })
  }

  /** Pays a parked cart straight from the list. */
  payParked(cart: { id: string; total: number }, tender: Paying['tender']): void {
    if (this.paying) return
    const of = JSON.stringify([cart.id, cart.total, tender])
    const key = this.#unanswered?.of === of ? this.#unanswered.key : newKey()
    this.#unanswered = { of, key }
    const path = `/api/parked/${encodeURIComponent(cart.id)}/pay`
    const request: Request = { method: 'POST', path, body: { key, tender } }
    this.run({ kind: 'pay', key, due: -1, request })
  }

  async #drain(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    for (let step = this.steps[0]; step; step = this.steps[0]) {
      const answer = await this.#answerOf(step)
      // The answer and the end of the step are shown in one go.
      this.steps = this.steps.slice(1)
      if (answer && newer(answer, this.#latest)) this.#latest = answer
      this.state = this.#latest ?? this.state
    }
    this.#sending = false
  }

  async #answerOf(step: Step): Promise<State | undefined> {
    try {
      const answer = step.kind === 'pay' ? await this.#sendPay(step) : await this.#send(step)
      this.world.answered(step)
      return answer
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError('internal', 0)
      this.world.refused(known, step)
      return undefined
    }
  }

  async #send(step: Step): Promise<State | undefined> {
    const cart = this.#latest?.cart
    const request = cart && requestOf(step, cart)
    return request ? await this.world.send(request) : undefined
  }

  async #sendPay(step: Step & { kind: 'pay' }): Promise<State> {
    const request = this.#payRequest(step)
    for (let attempt = 1; ; attempt++) {
      try {
        const state = await this.world.send(request)
        this.#unanswered = undefined
        return state
      } catch (error) {
        const lost = error instanceof ApiError && error.unanswered
        if (!lost) this.#unanswered = undefined
        if (!lost || attempt === payTries) throw error
        await this.world.pause(500 * attempt)
      }
    }
  }

  /** The request against the cart as the box has it, if it is what was seen. */
  #payRequest(step: Step & { kind: 'pay' }): Request {
    const cart = this.#latest?.cart
    if (step.due < 0 || !cart) return step.request
    if (cart.due !== step.due) {
      this.#unanswered = undefined
      throw new ApiError('amount_changed', 409, { amount: cart.due } satisfies Params)
    }
    const body = { ...(step.request.body as object), cart: cart.id, version: cart.version }
    return { ...step.request, body }
  }
}
