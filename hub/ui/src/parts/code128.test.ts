import { describe, expect, it } from 'vitest'
import { bars, symbols } from './code128'

describe('CODE 128', () => {
  it.each([
    // Start B, then each character; the check symbol is the weighted sum mod 103.
    ['PJJ', [104, 48, 42, 42, (104 + 48 + 2 * 42 + 3 * 42) % 103]],
    // Start C, pairs of digits.
    ['1234', [105, 12, 34, (105 + 12 + 2 * 34) % 103]],
    // A letter, then to code set C.
    [
      'R2611230001',
      [104, 50, 99, 26, 11, 23, 0, 1, (104 + 50 + 2 * 99 + 3 * 26 + 4 * 11 + 5 * 23 + 7) % 103],
    ],
    // An odd digit is left over for code set B.
    [
      'R26112300011',
      [104, 50, 99, 26, 11, 23, 0, 1, 100, 17].concat(
        (104 + 50 + 2 * 99 + 3 * 26 + 4 * 11 + 5 * 23 + 7 + 8 * 100 + 9 * 17) % 103,
      ),
    ],
  ])('encodes %s', (text, want) => {
    expect(symbols(text)).toEqual(want)
  })

  it('is eleven modules a symbol and thirteen for the stop', () => {
    const drawn = bars('R2611230001')
    expect(drawn.width).toBe(9 * 11 + 13)
    expect(drawn.bars.at(0)).toEqual([0, 2])
    expect(drawn.bars.at(-1)).toEqual([drawn.width - 2, 2])
  })
})
