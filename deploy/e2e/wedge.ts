import type { CDPSession, Page } from '@playwright/test'

/** One key as a keyboard sends it. */
interface Key {
  code: string
  /** What the input method made of it, such as ㄱ; absent for nothing. */
  key: string
  text?: string
  modifiers?: number
}

const alt = 1
/** A scanner's characters follow each other this fast, in seconds. */
const pace = 0.008

/** The place of a character on the keyboard; capitals and digits only. */
function codeOf(character: string): string {
  return /\d/.test(character) ? `Digit${character}` : `Key${character}`
}

/** The jamo that a Korean input method makes of the keys a scanner presses. */
const jamo: Record<string, string> = { R: 'ㄱ' }

/** Wedge is a keyboard wedge scanner plugged into the tablet. */
export class Wedge {
  /** When the last scan ended, in seconds. */
  #ended = 0

  private constructor(readonly line: CDPSession) {}

  static async plugIn(page: Page): Promise<Wedge> {
    return new Wedge(await page.context().newCDPSession(page))
  }

  /** Scans a code and ends it with Enter. */
  async scan(code: string): Promise<void> {
    const keys = Array.from(code, (text) => ({ code: codeOf(text), key: text, text }))
    await this.#press([...keys, { code: 'Enter', key: 'Enter', text: '\r' }])
  }

  /** The same with a Korean input method switched on. */
  async scanInHangul(code: string): Promise<void> {
    const keys = Array.from(code, (text) => {
      const key = jamo[text] ?? text
      return { code: codeOf(text), key, text: key }
    })
    await this.#press([...keys, { code: 'Enter', key: 'Enter', text: '\r' }])
  }

  /** The same from a scanner that holds Alt and types each character's number. */
  async scanWithAlt(code: string): Promise<void> {
    const events: Record<string, unknown>[] = []
    for (const character of `${code}\r`) {
      events.push({ type: 'rawKeyDown', code: 'AltLeft', key: 'Alt', modifiers: alt })
      for (const digit of String(character.charCodeAt(0)).padStart(4, '0')) {
        const key = { code: `Numpad${digit}`, key: digit, modifiers: alt }
        events.push({ type: 'rawKeyDown', ...key }, { type: 'keyUp', ...key })
      }
      events.push({ type: 'keyUp', code: 'AltLeft', key: 'Alt', modifiers: 0 })
    }
    await this.#send(events)
  }

  async #press(keys: Key[]): Promise<void> {
    await this.#send(
      keys.flatMap((key) => [
        { type: 'keyDown', ...key },
        { type: 'keyUp', code: key.code, key: key.key },
      ]),
    )
  }

  /**
   * Sends all events at once; each carries the time it was pressed. The scan
   * ends now: a browser does not believe times to come, and would take the
   * moment when a busy machine got round to each key instead.
   */
  async #send(events: Record<string, unknown>[]): Promise<void> {
    const length = (events.length * pace) / 2
    const begun = Math.max(this.#ended + 0.2, Date.now() / 1000 - length)
    this.#ended = begun + length
    const sent = events.map((event, index) => {
      const timestamp = begun + (index * pace) / 2
      return this.line.send('Input.dispatchKeyEvent', { ...event, timestamp } as never)
    })
    await Promise.all(sent)
  }
}
