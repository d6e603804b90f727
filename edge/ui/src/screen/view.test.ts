import { describe, expect, it } from 'vitest'
import type { ScreenLineView, ScreenView } from '../api/types.gen'
import { changedLine, inGroups, messageOf, phaseOf, thanksFor } from './view'

const line = (id: string, quantity = 1000): ScreenLineView => ({
  id,
  name: id,
  quantity,
  by_weight: false,
  unit: 1000,
  discount: 0,
  amount: quantity,
})

function view(change: Partial<ScreenView> = {}): ScreenView {
  return {
    version: 1,
    boot: '1',
    shop: '한빛마트',
    language: 'ko',
    now: '2026-11-25T10:00:00+09:00',
    lines: [],
    gross: 0,
    discount: 0,
    total: 0,
    paid: 0,
    due: 0,
    ...change,
  }
}

const done = {
  number: '20261125-0001',
  refund: false,
  cash: true,
  total: 1,
  received: 1,
  change: 0,
}
const waiting = { what: 'charge', state: 'waiting', amount: 1000 } as const

describe('phaseOf', () => {
  it.each([
    ['a code before all else', view({ code: '123456', lines: [line('a')] }), 'pairing'],
    ['nothing', view(), 'idle'],
    ['goods', view({ lines: [line('a')] }), 'bill'],
    ['goods being paid', view({ lines: [line('a')], payment: waiting }), 'bill'],
    ['a refund on its way', view({ payment: waiting }), 'payment'],
    ['a finished sale', view({ done }), 'done'],
    ['goods after a finished sale', view({ done, lines: [line('a')] }), 'bill'],
  ])('shows %s', (_, shown, phase) => expect(phaseOf(shown, 0)).toBe(phase))

  it('hides a finished sale from the next customer', () => {
    expect(phaseOf(view({ done }), thanksFor - 1)).toBe('done')
    expect(phaseOf(view({ done }), thanksFor)).toBe('idle')
  })
})

describe('messageOf', () => {
  it.each([
    ['insert_card', 'screen.insertCard'],
    ['remove_card', 'screen.removeCard'],
    ['reversing', 'screen.wait'],
    ['from_the_future', 'screen.wait'],
  ])('says what to do at %s', (progress, key) =>
    expect(messageOf({ ...waiting, progress })).toBe(key),
  )

  it('gives no reason', () => {
    expect(messageOf({ ...waiting, state: 'failed' })).toBe('screen.failed')
    expect(messageOf({ ...waiting, state: 'checking', progress: 'insert_card' })).toBe(
      'screen.checking',
    )
  })
})

describe('changedLine', () => {
  const before = view({ lines: [line('a'), line('b')] })

  it('is the last one of a cart seen first', () => {
    expect(changedLine(before, undefined)).toBe('b')
  })

  it('is the one with another quantity', () => {
    expect(changedLine(view({ lines: [line('a', 2000), line('b')] }), before)).toBe('a')
  })

  it('is none when a line is gone', () => {
    expect(changedLine(view({ lines: [line('b')] }), before)).toBeUndefined()
  })
})

describe('inGroups', () => {
  it('parts a code', () => expect(inGroups('482193')).toBe('482 193'))
})
