import { describe, expect, it } from 'vitest'
import { isMobile, mobile } from './holder'

describe('the holder of a cash receipt', () => {
  it.each([
    ['', ''],
    ['01', '01'],
    ['010', '010'],
    ['0101', '010-1'],
    ['0101234', '010-1234'],
    ['01012345', '010-1234-5'],
    ['01012345678', '010-1234-5678'],
    ['0111234567', '011-123-4567'],
    ['1248100998', '1248100998'],
  ])('%s is shown as %s', (digits, shown) => expect(mobile(digits)).toBe(shown))

  it.each([
    ['01012345678', true],
    ['0111234567', true],
    ['010123456', false],
    ['02123456789', false],
    ['010123456789', false],
  ])('%s is complete: %s', (digits, complete) => expect(isMobile(digits)).toBe(complete))
})
