import type { CDPSession, Page } from '@playwright/test'
import type { Counter } from './counter'

/** One key as a keyboard sends it. */
interface Key {
  code: string
  /** What the input method made of it, such as ㄱ; absent for nothing. */
  key: string
  text?: string
  modifiers?: number
}

const alt = 1
/** A scanner's characters follow each other this fast, in milliseconds. */
const pace = 8
/** The rest before a scan and after it, in milliseconds. */
const rest = 300

/** The place of a character on the keyboard; capitals and digits only. */
function codeOf(character: string): string {
  return /\d/.test(character) ? `Digit${character}` : `Key${character}`
}

/** The jamo that a Korean input method makes of the keys a scanner presses. */
const jamo: Record<string, string> = { R: 'ㄱ' }

/** An event of the browser's line for testers. */
type KeyEvent = Record<string, unknown>

/**
 * Wedge is a keyboard wedge scanner plugged into the tablet. It stops the
 * page's clock and moves it on itself, so that its keys are 8 ms apart for the
 * page, however busy the machine is.
 */
export class Wedge {
  private constructor(
    readonly page: Page,
    readonly line: CDPSession,
  ) {}

  static async plugIn(counter: Counter): Promise<Wedge> {
    const { page } = counter
    await page.clock.install()
    await counter.open()
    await page.clock.pauseAt(Date.now() + 60_000)
    return new Wedge(page, await page.context().newCDPSession(page))
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
    await this.#send(Array.from(`${code}\r`, withAlt))
  }

  async #press(keys: Key[]): Promise<void> {
    await this.#send(
      keys.map((key) => [
        { type: 'keyDown', ...key },
        { type: 'keyUp', code: key.code, key: key.key },
      ]),
    )
  }

  /** Sends the events of one character after the other. */
  async #send(characters: KeyEvent[][]): Promise<void> {
    await this.page.clock.runFor(rest)
    for (const events of characters) {
      for (const event of events) await this.line.send('Input.dispatchKeyEvent', event as never)
      await this.page.clock.runFor(pace)
    }
    await this.page.clock.runFor(rest)
  }
}

/** The keys of a character's number, typed with Alt held down. */
function withAlt(character: string): KeyEvent[] {
  const number = String(character.charCodeAt(0)).padStart(4, '0')
  const digits = Array.from(number, (digit) => {
    const key = { code: `Numpad${digit}`, key: digit, modifiers: alt }
    return [
      { type: 'rawKeyDown', ...key },
      { type: 'keyUp', ...key },
    ]
  })
  return [
    { type: 'rawKeyDown', code: 'AltLeft', key: 'Alt', modifiers: alt },
    ...digits.flat(),
    { type: 'keyUp', code: 'AltLeft', key: 'Alt', modifiers: 0 },
  ]
}
