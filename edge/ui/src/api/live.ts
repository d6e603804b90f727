import type { State } from './types.gen'

/** What a live line tells its screen. */
export interface LiveListener {
  /** A snapshot came; `newer` decides whether to keep it. */
  state(state: State): void
  /** The line to the box is up or down. */
  line(up: boolean): void
}

/** Waits before trying again: quick at first, then a calm pace. */
const pauses = [250, 500, 1_000, 2_000, 4_000]

/**
 * Whether a snapshot replaces another: the highest version wins within one run
 * of the box; another run starts afresh.
 */
export function newer(next: State, current: State | undefined): boolean {
  return !current || next.boot !== current.boot || next.version > current.version
}

/**
 * Live listens for snapshots and keeps listening: a line that drops is opened
 * anew, and so is any line when the tablet wakes up or finds its network again.
 */
export class Live {
  #source: EventSource | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #tries = 0

  constructor(
    readonly address: string,
    readonly listener: LiveListener,
  ) {}

  open(): void {
    this.close()
    const source = new EventSource(this.address)
    this.#source = source
    source.addEventListener('open', () => {
      this.#tries = 0
      this.listener.line(true)
    })
    source.addEventListener('state', (event: MessageEvent<string>) => {
      this.listener.line(true)
      this.listener.state(JSON.parse(event.data) as State)
    })
    source.addEventListener('error', () => {
      this.listener.line(false)
      this.#again()
    })
  }

  close(): void {
    clearTimeout(this.#retry)
    this.#source?.close()
    this.#source = undefined
  }

  #again(): void {
    this.close()
    const pause = pauses[Math.min(this.#tries++, pauses.length - 1)]
    this.#retry = setTimeout(() => this.open(), pause)
  }
}
