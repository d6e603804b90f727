import { describe, expect, it } from 'vitest'
import type { LineView } from '../api/types.gen'
import { backFor } from './refund'

function line(amount: number, quantity: number, left: number): LineView {
  return {
    id: 'l',
    name: '',
    quantity,
    left,
    by_weight: false,
    unit: 0,
    list: 0,
    discount: 0,
    permille: 0,
    amount,
    vat: 'taxable',
  }
}

describe('backFor', () => {
  it('gives the whole line back', () => {
    expect(backFor(line(999_999_999, 3_000, 3_000), 3_000)).toBe(999_999_999)
  })

  it('comes to exactly the line, piece by piece', () => {
    const pieces = [3_000, 2_000, 1_000].map((left) => backFor(line(1_000, 3_000, left), 1_000))
    expect(pieces).toEqual([333, 333, 334])
  })
})
