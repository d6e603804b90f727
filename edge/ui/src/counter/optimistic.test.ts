import { describe, expect, it } from 'vitest'
import type { CartView, LineView } from '../api/types.gen'
import {
  draw,
  isGhost,
  isPending,
  merge,
  requestOf,
  times,
  type Item,
  type Step,
} from './optimistic'

const ramen: Item = {
  product: 'p1',
  name: '신라면',
  unit: 900,
  vat: 'taxable',
  by_weight: false,
  single: false,
}

function line(over: Partial<LineView> = {}): LineView {
  return {
    id: 'l1',
    product: 'p1',
    name: '신라면',
    quantity: 1_000,
    by_weight: false,
    unit: 900,
    list: 900,
    discount: 0,
    permille: 0,
    amount: 900,
    vat: 'taxable',
    ...over,
  }
}

function cart(lines: LineView[] = [], over: Partial<CartView> = {}): CartView {
  const total = lines.reduce((sum, each) => sum + each.amount, 0)
  return {
    id: 'c1',
    version: 1,
    lines,
    gross: total,
    discount: 0,
    total,
    vat: 0,
    exempt: 0,
    paid: 0,
    due: total,
    tenders: [],
    whole_permille: 0,
    whole_amount: 0,
    note: '',
    locked: false,
    blocked: false,
    notes: [total],
    ...over,
  }
}

const add = (id: number, item = ramen, quantity = 1_000): Step => ({
  id,
  kind: 'add',
  item,
  quantity,
})

describe('draw', () => {
  it('puts a new line into an empty cart', () => {
    const drawn = draw(cart(), add(1))
    expect(drawn.lines).toHaveLength(1)
    expect(drawn.lines[0]).toMatchObject({ name: '신라면', quantity: 1_000, amount: 900 })
    expect(drawn.lines.every(isPending)).toBe(true)
    expect(drawn).toMatchObject({ total: 900, due: 900, notes: [] })
  })

  it('makes more of a line that is there', () => {
    const drawn = draw(draw(cart([line()]), add(1)), add(2))
    expect(drawn.lines).toHaveLength(1)
    expect(drawn.lines[0]).toMatchObject({ id: 'l1', quantity: 3_000, amount: 2_700 })
    expect(drawn.due).toBe(2_700)
  })

  it('keeps discounted, noted and single goods on lines of their own', () => {
    const changed = cart([
      line({ permille: 100, discount: 90, amount: 810 }),
      line({ id: 'l2', note: '선물' }),
    ])
    expect(draw(changed, add(1)).lines).toHaveLength(3)
    expect(draw(cart([line()]), add(1, { ...ramen, single: true })).lines).toHaveLength(2)
  })

  it('takes the discount on the whole cart into account', () => {
    expect(draw(cart([], { whole_permille: 100 }), add(1)).due).toBe(810)
  })

  it('changes quantities and takes lines out', () => {
    const target = { line: 'l1', product: 'p1' }
    const more = draw(cart([line()]), { id: 1, kind: 'quantity', target, quantity: 5_000 })
    expect(more).toMatchObject({ total: 4_500 })
    expect(draw(more, { id: 2, kind: 'remove', target })).toMatchObject({ lines: [], total: 0 })
  })

  it('shows a scanned code until the box knows it', () => {
    const drawn = draw(cart([line()]), { id: 1, kind: 'scan', code: '8801234567893' })
    expect(drawn.lines.filter(isGhost)).toMatchObject([{ name: '8801234567893', amount: 0 }])
    expect(drawn.total).toBe(900)
  })

  it('rounds weights as the box does', () => {
    expect(times(900, 1_234)).toBe(1_111)
    expect(times(1_001, 500)).toBe(501)
    expect(times(999, 1_000)).toBe(999)
  })
})

describe('merge', () => {
  it('makes one request of taps on the same product', () => {
    expect(merge(add(1), { kind: 'add', item: ramen, quantity: 1_000 })).toMatchObject({
      id: 1,
      quantity: 2_000,
    })
  })

  it('leaves others apart', () => {
    const other = { ...ramen, product: 'p2' }
    expect(merge(add(1), { kind: 'add', item: other, quantity: 1_000 })).toBeUndefined()
    expect(merge(add(1), { kind: 'scan', code: '1' })).toBeUndefined()
    const single = { ...ramen, single: true }
    expect(merge(add(1, single), { kind: 'add', item: single, quantity: 1_000 })).toBeUndefined()
  })

  it('keeps the last quantity of a line', () => {
    const target = { line: 'l1', product: 'p1' }
    const earlier: Step = { id: 1, kind: 'quantity', target, quantity: 2_000 }
    expect(merge(earlier, { kind: 'quantity', target, quantity: 4_000 })).toMatchObject({
      id: 1,
      quantity: 4_000,
    })
  })
})

describe('requestOf', () => {
  it('asks for a product with the answers to its questions', () => {
    const item = { ...ramen, age_checked: true, note: '각인', code: '20', price_given: true }
    expect(requestOf(add(1, item, 1_250), cart())).toEqual({
      method: 'POST',
      path: '/api/cart/lines',
      body: {
        product: 'p1',
        quantity: 1_250,
        note: '각인',
        age_checked: true,
        unit: 900,
        code: '20',
      },
    })
  })

  it('finds the line of a tap that was drawn before it had an id', () => {
    const target = { line: 'new:1', product: 'p1' }
    expect(requestOf({ id: 2, kind: 'remove', target }, cart([line()]))).toMatchObject({
      path: '/api/cart/lines/l1',
    })
  })

  it('asks nothing when the line is gone', () => {
    const target = { line: 'l9', product: 'p1' }
    expect(requestOf({ id: 2, kind: 'remove', target }, cart([line()]))).toBeUndefined()
  })
})
