import { getContext, setContext } from 'svelte'
import { ApiError, call, type Params } from '../api/client'
import { Live } from '../api/live'
import type { CatalogView, SessionView, State } from '../api/types.gen'
import type { Step } from '../counter/optimistic'
import { Till } from '../counter/till.svelte'
import { Keyboard } from '../kit/keyboard'
import { Sounds } from '../kit/sound'
import { go } from './route.svelte'
import { say, speak } from '../locale/index.svelte'

/** Something the screen says until the next touch or for a while. */
export interface Said {
  number: number
  level: 'ok' | 'warn' | 'stop'
  text: string
  code?: string
}

/** How long a sentence that is no fault stays. */
const sayFor = 6_000

/** Box is what every screen shares: the till, who is signed in, the catalogue. */
export class Box {
  readonly keyboard = new Keyboard()
  readonly sounds = new Sounds()
  readonly till = new Till({
    send: (request) => call<State>(request.method, request.path, request.body),
    answered: (step) => step.kind === 'scan' && this.sounds.play('ok'),
    refused: (error, step) => this.#refused(error, step),
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  })
  /** Who is signed in here: null for nobody, undefined until known. */
  session = $state.raw<SessionView | null | undefined>()
  catalog = $state.raw<CatalogView>({ version: 0, categories: [], keys: [] })
  /** Whether the box can be heard. */
  line = $state(true)
  said = $state.raw<Said | undefined>()
  /** The barcode nobody knows, until it is dealt with. */
  unknownCode = $state<string | undefined>()
  /** The card payment whose panel was put away. */
  awayPayment = $state('')
  /** Keeps the set-up screens up after the shop exists. */
  settingUp = $state(false)
  /** The box's time, by this screen's clock. */
  now = $state(Date.now())

  #live = new Live<State>('/api/live', {
    state: (state) => this.#take(state),
    line: (up) => (this.line = up),
  })
  #skew = 0
  #notice = -1
  /** Whether no snapshot came since this screen, or its person, was new. */
  #fresh = true
  #count = 0
  #hush: ReturnType<typeof setTimeout> | undefined

  /** Starts listening to the box; the returned function stops it. */
  start(): () => void {
    const wake = () => document.visibilityState === 'visible' && this.#live.open()
    const unlock = () => this.sounds.unlock()
    const stopKeys = this.keyboard.listen(window)
    const clock = setInterval(() => (this.now = Date.now() + this.#skew), 1_000)
    document.addEventListener('visibilitychange', wake)
    window.addEventListener('online', wake)
    window.addEventListener('pointerdown', unlock, true)
    window.addEventListener('keydown', unlock, true)
    void this.#knowSession()
    this.#live.open()
    return () => {
      stopKeys()
      clearInterval(clock)
      this.#live.close()
      document.removeEventListener('visibilitychange', wake)
      window.removeEventListener('online', wake)
      window.removeEventListener('pointerdown', unlock, true)
      window.removeEventListener('keydown', unlock, true)
    }
  }

  /** Whether the person signed in has a right. */
  may(right: string): boolean {
    return this.session?.rights.includes(right) ?? false
  }

  /** Takes a sign-in; the live line then carries the cart. */
  signedIn(session: SessionView): void {
    this.session = session
    this.#fresh = true
    this.till.reset()
    this.#live.open()
    void this.loadCatalog()
  }

  async signOut(): Promise<void> {
    await this.attempt(() => call('DELETE', '/api/session'))
    this.#forgetSession()
  }

  /** Says something at the counter. */
  say(level: Said['level'], text: string, code?: string): void {
    clearTimeout(this.#hush)
    this.said = { number: ++this.#count, level, text, ...(code === undefined ? {} : { code }) }
    if (level !== 'stop') this.#hush = setTimeout(() => (this.said = undefined), sayFor)
  }

  /** Says what a code from the box means. */
  sayCode(level: Said['level'], code: string, params: Params = {}): void {
    this.say(level, say(code, params), code)
  }

  /**
   * Does something that may be refused, and says why when it is. True when it
   * went well.
   */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.failed(error)
      return false
    }
  }

  /** Says why a request was refused. */
  failed(error: unknown): void {
    const known = error instanceof ApiError ? error : new ApiError('internal', 0)
    if (known.code === 'not_signed_in') this.#forgetSession()
    this.sounds.play('fail')
    this.sayCode('stop', known.code, known.params)
  }

  async loadCatalog(): Promise<void> {
    try {
      this.catalog = await call<CatalogView>('GET', '/api/catalog')
    } catch {
      // The next snapshot still names the newer edition and asks again.
    }
  }

  async #knowSession(): Promise<void> {
    try {
      this.session = await call<SessionView>('GET', '/api/session')
      void this.loadCatalog()
    } catch {
      this.session = null
    }
  }

  #forgetSession(): void {
    this.session = null
    this.unknownCode = undefined
    this.till.reset()
    this.#live.open()
  }

  #take(state: State): void {
    const before = this.till.state
    const grew =
      !this.till.busy && before?.cart.id === state.cart.id && pieces(state) > pieces(before)
    this.till.accept(state)
    if (before) this.#sing(before, state, grew)
    this.#skew = Date.parse(state.box.now) - Date.now()
    this.sounds.volume = state.options.volume
    if (state.set_up) speak(state.options.language)
    if (this.session && state.catalog.version !== this.catalog.version) void this.loadCatalog()
    this.#hear(state)
  }

  /** A scanner at the box put something in, or a sale was finished. */
  #sing(before: State, state: State, grew: boolean): void {
    if (!this.session) return
    const finished = state.finished && state.finished.number !== before.finished?.number
    if (finished) this.sounds.play('done')
    else if (grew) this.sounds.play('ok')
  }

  /** Says a new notice of the box once. */
  #hear(state: State): void {
    const notice = state.notice
    const fresh = this.#fresh
    this.#fresh = this.session === null
    if (!notice || notice.number === this.#notice) return
    this.#notice = notice.number
    // What was said before this person came is no news.
    if (fresh || !this.session) return
    const subject = notice.subject ?? ''
    this.sounds.play(notice.level === 'ok' ? 'ok' : 'fail')
    if (notice.code === 'receipt') go('sales', subject)
    else if (notice.code === 'unknown_code') this.unknownCode = subject
    else if (notice.level !== 'ok') {
      const words = say(notice.code, { subject })
      this.say(notice.level, notice.device ? `${notice.device}: ${words}` : words, notice.code)
    }
  }

  #refused(error: ApiError, step: Step): void {
    if (error.code === 'unknown_code' && step.kind === 'scan') {
      this.sounds.play('fail')
      this.unknownCode = step.code
      return
    }
    this.failed(error)
  }
}

/** How much lies in the cart, in thousandths. */
function pieces(state: State): number {
  return state.cart.lines.reduce((sum, line) => sum + line.quantity, 0)
}

const context = Symbol('box')

/** Makes the box known to the components below. */
export function provideBox(box: Box): Box {
  return setContext(context, box)
}

/** The box this screen belongs to. */
export function useBox(): Box {
  return getContext<Box>(context)
}
