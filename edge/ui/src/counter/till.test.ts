import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../api/client'
import type { State } from '../api/types.gen'
import type { Item, Request } from './optimistic'
import { Till } from './till.svelte'

const ramen: Item = {
  product: 'p1',
  name: '신라면',
  unit: 900,
  vat: 'taxable',
  by_weight: false,
  single: false,
}

/** A snapshot with so many ramen in the cart. */
function snapshot(version: number, pieces: number, over: Partial<State> = {}): State {
  const amount = pieces * 900
  const line = {
    id: 'l1',
    product: 'p1',
    name: '신라면',
    quantity: pieces * 1_000,
    by_weight: false,
    unit: 900,
    list: 900,
    discount: 0,
    permille: 0,
    amount,
    vat: 'taxable' as const,
  }
  return {
    version,
    boot: 'b1',
    set_up: true,
    shop: {
      name: '',
      business_number: '',
      representative: '',
      address: '',
      phone: '',
      kind: 'retail',
    },
    day: { open: true },
    cart: {
      id: 'c1',
      version,
      lines: pieces > 0 ? [line] : [],
      gross: amount,
      discount: 0,
      total: amount,
      vat: 0,
      exempt: 0,
      paid: 0,
      due: amount,
      tenders: [],
      whole_permille: 0,
      whole_amount: 0,
      note: '',
      locked: false,
      blocked: false,
      notes: [],
    },
    parked: [],
    devices: [],
    hub: { state: 'online', unsent: 0 },
    box: { id: '', version: '', disk_full: false, clock_doubt: false, now: '' },
    catalog: { version: 1 },
    options: {
      language: 'ko',
      left_handed: false,
      quick_discounts: [],
      volume: 0,
      receipt_foot: '',
      codes: [],
    },
    ...over,
  }
}

/** A box that answers when it is told to. */
class SlowBox {
  readonly asked: Request[] = []
  readonly refusals: string[] = []
  #waiting: { answer: (state: State) => void; refuse: (error: ApiError) => void }[] = []

  readonly till = new Till({
    send: (request) => {
      this.asked.push(request)
      return new Promise((answer, refuse) => this.#waiting.push({ answer, refuse }))
    },
    answered: () => undefined,
    refused: (error: ApiError) => void this.refusals.push(error.code),
    pause: () => Promise.resolve(),
  })

  async answer(state: State) {
    this.#waiting.shift()?.answer(state)
    await settled()
  }

  async refuse(error: ApiError) {
    this.#waiting.shift()?.refuse(error)
    await settled()
  }
}

async function settled() {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

let box: SlowBox
const pieces = () => box.till.cart?.lines.reduce((sum, line) => sum + line.quantity / 1_000, 0)
const bodyOf = (index: number) => box.asked[index]?.body as Record<string, unknown>

beforeEach(() => {
  box = new SlowBox()
  box.till.accept(snapshot(1, 0))
})

describe('Till', () => {
  it('draws every tap at once and sends them in two requests', async () => {
    for (let tap = 0; tap < 20; tap++) box.till.add(ramen)
    expect(pieces()).toBe(20)
    expect(box.till.cart?.due).toBe(18_000)
    await box.answer(snapshot(2, 1))
    expect(pieces()).toBe(20)
    expect(box.asked.map((request) => (request.body as { quantity: number }).quantity)).toEqual([
      1_000, 19_000,
    ])
    await box.answer(snapshot(3, 20))
    expect(pieces()).toBe(20)
    expect(box.till.busy).toBe(false)
  })

  it('draws nothing twice when the snapshot comes before the answer', async () => {
    box.till.add(ramen)
    box.till.accept(snapshot(2, 1, { hub: { state: 'offline', unsent: 3 } }))
    expect(pieces()).toBe(1)
    expect(box.till.state?.hub.unsent).toBe(3)
    await box.answer(snapshot(2, 1))
    expect(pieces()).toBe(1)
  })

  it('lets the box correct what was drawn', async () => {
    box.till.add(ramen)
    await box.answer(snapshot(2, 0))
    expect(pieces()).toBe(0)
  })

  it('takes a refused tap back and says why', async () => {
    box.till.add(ramen)
    await box.refuse(new ApiError('day_closed', 423))
    expect(pieces()).toBe(0)
    expect(box.refusals).toEqual(['day_closed'])
  })

  it('keeps the highest version, and starts afresh after a restart of the box', () => {
    box.till.accept(snapshot(5, 2))
    box.till.accept(snapshot(4, 1))
    expect(pieces()).toBe(2)
    box.till.accept(snapshot(1, 3, { boot: 'b2' }))
    expect(pieces()).toBe(3)
  })

  it('makes one payment of a double tap', async () => {
    box.till.accept(snapshot(2, 1))
    box.till.pay({ tender: 'cash' })
    box.till.pay({ tender: 'cash' })
    expect(box.asked).toHaveLength(1)
    expect(bodyOf(0)).toMatchObject({ tender: 'cash', cart: 'c1', version: 2 })
    await box.answer(snapshot(3, 0))
    expect(box.asked).toHaveLength(1)
    expect(box.till.paying).toBe(false)
  })

  it('sends a payment without an answer again with the same key', async () => {
    box.till.accept(snapshot(2, 1))
    box.till.pay({ tender: 'card' })
    await box.refuse(new ApiError('network', 0))
    await box.refuse(new ApiError('network', 0))
    expect(box.asked).toHaveLength(3)
    const keys = new Set([0, 1, 2].map((index) => bodyOf(index)['key']))
    expect(keys.size).toBe(1)
    await box.answer(snapshot(3, 0))
    expect(box.refusals).toEqual([])
  })

  it('keeps the key when it gives up, until the payment was answered', async () => {
    box.till.accept(snapshot(2, 1))
    box.till.pay({ tender: 'cash' })
    for (let attempt = 0; attempt < 6; attempt++) await box.refuse(new ApiError('network', 0))
    expect(box.refusals).toEqual(['network'])
    box.till.pay({ tender: 'cash' })
    expect(bodyOf(6)['key']).toBe(bodyOf(0)['key'])
    await box.refuse(new ApiError('cart_changed', 409))
    box.till.pay({ tender: 'cash' })
    expect(bodyOf(7)['key']).not.toBe(bodyOf(0)['key'])
  })

  it('pays what was tapped before, and only if it comes to what was seen', async () => {
    box.till.add(ramen)
    box.till.pay({ tender: 'cash' })
    expect(box.asked).toHaveLength(1)
    await box.answer(snapshot(2, 1))
    expect(bodyOf(1)).toMatchObject({ cart: 'c1', version: 2 })
    await box.answer(snapshot(3, 0))

    box.till.add(ramen)
    box.till.pay({ tender: 'cash' })
    await box.answer(snapshot(4, 2))
    expect(box.asked).toHaveLength(3)
    expect(box.refusals).toEqual(['amount_changed'])
  })
})
