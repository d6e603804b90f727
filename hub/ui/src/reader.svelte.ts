import { Trouble } from './api/client'
import { leave } from './session.svelte'

/**
 * Something read from the hub and read again. Old data stays on the screen
 * while new data comes; an answer that was overtaken is dropped.
 */
export class Reader<T> {
  data = $state.raw<T | null>(null)
  trouble = $state.raw<Trouble | null>(null)
  busy = $state(false)
  #turn = 0

  async read(asking: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn
    this.busy = true
    try {
      const data = await asking()
      if (turn !== this.#turn) return
      this.data = data
      this.trouble = null
    } catch (error) {
      if (turn !== this.#turn) return
      this.trouble = asTrouble(error)
      if (this.trouble.code === 'not_found') this.data = null
    } finally {
      if (turn === this.#turn) this.busy = false
    }
  }

  forget(): void {
    this.#turn++
    this.data = null
    this.trouble = null
    this.busy = false
  }
}

/** Any failure as a Trouble; the end of the session ends it here too. */
export function asTrouble(error: unknown): Trouble {
  const trouble = error instanceof Trouble ? error : new Trouble('unknown')
  if (trouble.code === 'signed_out') leave()
  return trouble
}
