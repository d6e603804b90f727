import { ApiError, call } from '../api/client'
import type { WeightView } from '../api/types.gen'

/** How long after an answer the scale is asked again. */
const again = 200

/** What lies on the shop's scale while somebody wants to know. */
export class Scale {
  /** The stable weight, undefined while there is none to sell by. */
  grams = $state<number | undefined>()
  /** The code of what keeps it from one, empty when all is well. */
  code = $state('')

  /** Asks until the returned function is called. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined
    let ended = false
    const ask = async () => {
      await this.#ask()
      if (!ended) timer = setTimeout(() => void ask(), again)
    }
    void ask()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }

  async #ask(): Promise<void> {
    try {
      const weight = await call<WeightView>('GET', '/api/scale')
      this.code = weight.code ?? ''
      this.grams = weight.code ? undefined : weight.grams
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 'internal'
      this.code = code === 'offline' || code === 'protocol' ? `${code}.scale` : code
      this.grams = undefined
    }
  }
}
