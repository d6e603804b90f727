import { describe, expect, it } from 'vitest'
import * as format from './format'

describe('format', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [-1234567, '-1,234,567'],
    [999999999, '999,999,999'],
  ])('writes %i won as %s', (amount, text) => {
    expect(format.won(amount)).toBe(text)
  })

  it.each([
    [1000, '1'],
    [1234, '1.234'],
    [500, '0.5'],
    [-2000, '-2'],
  ])('writes %i thousandths as %s', (milli, text) => {
    expect(format.quantity(milli)).toBe(text)
  })

  it('lives by the clock of Seoul', () => {
    expect(format.dayOf(new Date('2026-11-22T15:00:00Z'))).toBe('2026-11-23')
    expect(format.time('2026-11-22T15:05:00Z')).toBe('00:05')
    expect(format.dayAndTime('2026-11-23T14:05:00+09:00', 'ko')).toBe('2026. 11. 23. (월) 14:05')
  })

  it('writes and moves days', () => {
    expect(format.longDay('2026-11-03', 'ko')).toBe('2026. 11. 3. (화)')
    expect(format.shortDay('2026-11-23', 'en')).toBe('Mon, 23 Nov')
    expect(format.longDay('2026-11-03', 'en')).toBe('Tue, 3 Nov 2026')
    expect(format.shiftDay('2026-03-01', -1)).toBe('2026-02-28')
    expect(format.shiftDay('2026-12-31', 1)).toBe('2027-01-01')
  })

  it.each([
    [605, '10:05'],
    [0.4, '0:00'],
    [-3, '0:00'],
  ])('counts %d seconds down as %s', (seconds, text) => {
    expect(format.countdown(seconds)).toBe(text)
  })

  it.each([
    ['1248100998', true],
    ['124-81-00998', true],
    ['2208162517', true],
    ['1248100997', false],
    ['12481009', false],
    ['', false],
  ])('checks the business number %s', (text, right) => {
    expect(format.isBusinessNumber(text)).toBe(right)
  })

  it('writes a business number in three parts', () => {
    expect(format.businessNumber('1248100998')).toBe('124-81-00998')
    expect(format.businessNumber('12')).toBe('12')
  })
})
