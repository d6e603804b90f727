import { render, screen } from '@testing-library/svelte'
import { describe, expect, it } from 'vitest'
import type { SchemaDashboard } from '../api/types.gen'
import Compared from './Compared.svelte'

const empty: SchemaDashboard = {
  day: '2026-11-23',
  today: true,
  at: '2026-11-23T12:00:00+09:00',
  total: 0,
  sales: 0,
  refunds: 0,
  refund: 0,
  before: { day: '2026-11-16', total: 0, known: false },
  hours: [],
  tenders: [],
  products: [],
  shops: [],
  wrong: [],
  todo: [],
}

describe('the comparison with last week', () => {
  it.each([
    [15_000, 10_000, true, '지난주 같은 요일 이 시각보다 5,000원 많아요'],
    [10_000, 15_000, true, '지난주 같은 요일 이 시각보다 5,000원 적어요'],
    [10_000, 10_000, true, '지난주 같은 요일 이 시각과 같아요'],
    [15_000, 10_000, false, '지난주 같은 요일보다 5,000원 많아요'],
  ])('%i against %i, today %s', (total, before, today, words) => {
    const data = { ...empty, total, today, before: { ...empty.before, total: before, known: true } }
    render(Compared, { data })
    expect(screen.getByText(words)).toBeTruthy()
    expect(screen.getByText(/11\. 16\. \(월\)/)).toBeTruthy()
  })

  it('says when there is nothing to compare with', () => {
    render(Compared, { data: empty })
    expect(screen.getByText('지난주 같은 요일의 판매가 아직 없어요')).toBeTruthy()
  })
})
