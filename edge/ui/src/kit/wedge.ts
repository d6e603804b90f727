/**
 * A keyboard wedge scanner types like a very fast person. Wedge tells its
 * codes from typing by their speed, and reads the keys by their place on the
 * keyboard (event.code), so that a Korean input method cannot garble them.
 * Scanners that send Alt+number codes are understood too.
 */

/** What Wedge needs to know of a key press. */
export interface Key {
  type: string
  code: string
  shiftKey: boolean
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  repeat: boolean
  /** Milliseconds. */
  timeStamp: number
  capsLock: boolean
}

/** What a key press turned out to be. */
export type Verdict =
  /** Nothing of ours: a person's key. */
  | { kind: 'pass' }
  /** It may be the start or the middle of a code. */
  | { kind: 'held'; first: boolean }
  /** The last key of a code. */
  | { kind: 'scan'; code: string }
  /** Part of a scan that is already over, to be ignored. */
  | { kind: 'stray' }

/** Characters of one code follow each other faster than this, in ms. */
export const gap = 50
/** A code shorter than this is taken for typing. */
const shortest = 3
/** Without an Enter at its end a code must be at least this long. */
const shortestBare = 8
/** An Enter this soon after a code still belongs to it, in ms. */
const afterglow = 200

const shifted: Record<string, string> = {
  Digit1: '!',
  Digit2: '@',
  Digit3: '#',
  Digit4: '$',
  Digit5: '%',
  Digit6: '^',
  Digit7: '&',
  Digit8: '*',
  Digit9: '(',
  Digit0: ')',
  Minus: '_',
  Equal: '+',
  BracketLeft: '{',
  BracketRight: '}',
  Backslash: '|',
  Semicolon: ':',
  Quote: '"',
  Comma: '<',
  Period: '>',
  Slash: '?',
  Backquote: '~',
}

const plain: Record<string, string> = {
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backquote: '`',
  Space: ' ',
  NumpadDecimal: '.',
  NumpadSubtract: '-',
  NumpadAdd: '+',
  NumpadMultiply: '*',
  NumpadDivide: '/',
}

/** The character of a key by its place, as on a US keyboard. */
export function characterOf(key: Pick<Key, 'code' | 'shiftKey' | 'capsLock'>): string | undefined {
  const { code, shiftKey } = key
  if (code.startsWith('Key') && code.length === 4) {
    const letter = code.charAt(3)
    return shiftKey !== key.capsLock ? letter : letter.toLowerCase()
  }
  if (shiftKey && shifted[code]) return shifted[code]
  if (/^(Digit|Numpad)[0-9]$/.test(code)) return code.slice(-1)
  return plain[code]
}

/** Wedge collects keys until they are a code, or were typing after all. */
export class Wedge {
  #text = ''
  #last = -Infinity
  #scanned = -Infinity
  #alt = ''

  /** Whether keys are being held. */
  get holding(): boolean {
    return this.#text !== '' || this.#alt !== ''
  }

  /** Whether keys are held that a key pressed now does not belong to. */
  paused(now: number): boolean {
    return this.holding && now - this.#last > gap
  }

  /** Takes one key press or release. */
  take(key: Key): Verdict {
    if (key.type === 'keyup') return this.#release(key)
    if (key.repeat || key.ctrlKey || key.metaKey) return { kind: 'pass' }
    if (isModifier(key.code)) return { kind: 'pass' }
    if (key.altKey) return this.#altDigit(key)
    if (key.code === 'Enter' || key.code === 'NumpadEnter' || key.code === 'Tab') {
      return this.#end(key)
    }
    const character = characterOf(key)
    return character === undefined ? { kind: 'pass' } : this.#add(character, key.timeStamp)
  }

  /**
   * To be called when no key came for a while: the code of a scanner that
   * sends no Enter, or the held keys as the typing they were.
   */
  idle(now: number): { code?: string; typed?: string } {
    const text = this.#text
    this.#text = ''
    this.#alt = ''
    if (text.length < shortestBare) return { typed: text }
    this.#scanned = now
    return { code: text }
  }

  #add(character: string, at: number): Verdict {
    const first = at - this.#last > gap || this.#text === ''
    // A space alone presses the focused button; it starts no code.
    if (first && character === ' ') return { kind: 'pass' }
    this.#text = first ? character : this.#text + character
    this.#last = at
    return { kind: 'held', first }
  }

  #end(key: Key): Verdict {
    const text = this.#text
    const quick = key.timeStamp - this.#last <= gap
    this.#text = ''
    if (quick && text.length >= shortest) {
      this.#scanned = key.timeStamp
      return { kind: 'scan', code: text }
    }
    if (key.timeStamp - this.#scanned <= afterglow) return { kind: 'stray' }
    return { kind: 'pass' }
  }

  #altDigit(key: Key): Verdict {
    if (!/^Numpad[0-9]$/.test(key.code)) return { kind: 'pass' }
    const first = this.#text === '' && this.#alt === ''
    this.#alt += key.code.slice(-1)
    this.#last = key.timeStamp
    return { kind: 'held', first }
  }

  #release(key: Key): Verdict {
    if (!key.code.startsWith('Alt') || this.#alt === '') return { kind: 'pass' }
    const code = Number(this.#alt)
    this.#alt = ''
    this.#last = key.timeStamp
    if (code === 13 || code === 10) return this.#end(key)
    if (code < 32 || code > 126) return { kind: 'pass' }
    this.#text += String.fromCharCode(code)
    return { kind: 'held', first: false }
  }
}

/** Whether a key only changes what others mean. */
export function isModifier(code: string): boolean {
  return /^(Shift|Control|Alt|Meta)(Left|Right)$/.test(code) || code === 'CapsLock'
}
