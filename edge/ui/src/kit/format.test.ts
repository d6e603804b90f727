import { describe, expect, it } from 'vitest'
import {
  businessNumber,
  businessNumberValid,
  dayAfter,
  dayInWords,
  dayOf,
  digits,
  percent,
  quantity,
  time,
} from './format'

describe('format', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [999_999_999, '999,999,999'],
    [-12_500, '-12,500'],
  ])('groups %i', (amount, text) => expect(digits(amount)).toBe(text))

  it.each([
    [1_000, '1'],
    [1_234, '1.234'],
    [500, '0.5'],
    [12_000_000, '12,000'],
    [-1_500, '-1.5'],
  ])('writes %i thousandths', (milli, text) => expect(quantity(milli)).toBe(text))

  it.each([
    [100, '10'],
    [125, '12.5'],
    [1_000, '100'],
  ])('writes %i permille as percent', (permille, text) => expect(percent(permille)).toBe(text))

  it('tells the shop time wherever the screen is', () => {
    expect(time('2026-11-23T05:05:00Z')).toBe('14:05')
    expect(time('2026-11-23T15:00:00Z')).toBe('00:00')
    expect(dayOf('2026-11-23T15:30:00Z')).toBe('2026-11-24')
    expect(dayAfter('2026-11-01', -1)).toBe('2026-10-31')
    expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01')
  })

  it('writes days in words', () => {
    expect(dayInWords('2026-11-23', 'ko')).toBe('2026. 11. 23. (월)')
    expect(dayInWords('20261123', 'ko')).toBe('2026. 11. 23. (월)')
    expect(dayInWords('2026-11-23', 'en')).toBe('Mon, 23 Nov 2026')
  })

  it('checks business numbers', () => {
    expect(businessNumberValid('1208800767')).toBe(true)
    expect(businessNumberValid('1208800768')).toBe(false)
    expect(businessNumberValid('120880076')).toBe(false)
    expect(businessNumber('1208800767')).toBe('120-88-00767')
    expect(businessNumber('1208')).toBe('120-8')
  })
})
