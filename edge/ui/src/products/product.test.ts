import { describe, expect, it } from 'vitest'
import { blank, milliOf, piecesIn, wonOf } from './product'

describe('what is typed', () => {
  it('becomes whole won', () => {
    expect(wonOf('12,000원')).toBe(12_000)
    expect(wonOf('')).toBe(0)
    expect(wonOf('9'.repeat(12))).toBe(999_999_999)
  })

  it('becomes thousandths', () => {
    expect(milliOf(1.5)).toBe(1500)
    expect(milliOf(0.0014)).toBe(1)
  })
})

describe('pieces in stock', () => {
  const product = (stock: number, by_weight = false) => ({ ...blank(''), stock, by_weight })

  it.each([
    [product(12_000), 12],
    [product(12_900), 12],
    [product(-3000), 0],
    [product(999_000), 300],
    [product(5000, true), 0],
  ])('%o', (known, pieces) => expect(piecesIn(known, 300)).toBe(pieces))
})
