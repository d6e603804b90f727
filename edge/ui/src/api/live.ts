/** What tells one snapshot of the box from another. */
interface Snapshot {
  version: number
  boot: string
}

/** What a live line tells its screen. */
export interface LiveListener<View extends Snapshot> {
  /** A snapshot came; `newer` decides whether to keep it. */
  state(state: View): void
  /** The line to the box is up or down. */
  line(up: boolean): void
  /** What must go well before the line is opened, each time. */
  before?(): Promise<void>
}

/** Waits before trying again: quick at first, then a calm pace. */
const pauses = [250, 500, 1_000, 2_000, 4_000]

/**
 * Whether a snapshot replaces another: the highest version wins within one run
 * of the box; another run starts afresh.
 */
export function newer(next: Snapshot, current: Snapshot | undefined): boolean {
  return !current || next.boot !== current.boot || next.version > current.version
}

/**
 * Live listens for snapshots and keeps listening: a line that drops is opened
 * anew, and so is any line when the tablet wakes up or finds its network again.
 */
export class Live<View extends Snapshot> {
  #source: EventSource | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #tries = 0
  /** Counts the openings, so that one that took its time is not two lines. */
  #opening = 0

  constructor(
    readonly address: string,
    readonly listener: LiveListener<View>,
  ) {}

  open(): void {
    this.close()
    if (!this.listener.before) {
      this.#listen()
      return
    }
    const opening = this.#opening
    const still = (act: () => void) => () => opening === this.#opening && act()
    this.listener.before().then(
      still(() => this.#listen()),
      still(() => this.#lost()),
    )
  }

  close(): void {
    this.#opening++
    clearTimeout(this.#retry)
    this.#source?.close()
    this.#source = undefined
  }

  #listen(): void {
    const source = new EventSource(this.address)
    this.#source = source
    source.addEventListener('open', () => {
      this.#tries = 0
      this.listener.line(true)
    })
    source.addEventListener('state', (event: MessageEvent<string>) => {
      this.listener.line(true)
      this.listener.state(JSON.parse(event.data) as View)
    })
    source.addEventListener('error', () => this.#lost())
  }

  #lost(): void {
    this.listener.line(false)
    this.close()
    const pause = pauses[Math.min(this.#tries++, pauses.length - 1)]
    this.#retry = setTimeout(() => this.open(), pause)
  }
}
