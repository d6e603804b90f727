import { describe, expect, it } from 'vitest'
import { Wedge, characterOf, type Key, type Verdict } from './wedge'

function press(code: string, timeStamp: number, over: Partial<Key> = {}): Key {
  return {
    type: 'keydown',
    code,
    shiftKey: false,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    repeat: false,
    capsLock: false,
    timeStamp,
    ...over,
  }
}

/** Presses the digits one after another, then Enter, with a gap in ms. */
function type(wedge: Wedge, digits: string, gap: number, start = 1_000): Verdict {
  let at = start
  for (const digit of digits) {
    wedge.take(press(`Digit${digit}`, at))
    at += gap
  }
  return wedge.take(press('Enter', at))
}

describe('Wedge', () => {
  it.each([7, 8, 16, 40])('takes 13 keys %i ms apart for a scan', (gap) => {
    expect(type(new Wedge(), '8801234567893', gap)).toEqual({ kind: 'scan', code: '8801234567893' })
  })

  it.each([60, 120])('takes keys %i ms apart for typing', (gap) => {
    expect(type(new Wedge(), '8801234567893', gap)).toEqual({ kind: 'pass' })
  })

  it('keeps ten scans in two seconds apart', () => {
    const wedge = new Wedge()
    const codes = Array.from({ length: 10 }, (_, index) => `880000000000${index}`)
    const read = codes.map((code, index) => type(wedge, code, 8, 1_000 + index * 200))
    expect(read).toEqual(codes.map((code) => ({ kind: 'scan', code })))
  })

  it('takes a short number and Enter for typing', () => {
    expect(type(new Wedge(), '12', 10)).toEqual({ kind: 'pass' })
  })

  it('does not take a held key for a scan', () => {
    const wedge = new Wedge()
    wedge.take(press('Digit1', 0))
    for (let at = 30; at < 400; at += 30) {
      expect(wedge.take(press('Digit1', at, { repeat: true }))).toEqual({ kind: 'pass' })
    }
    expect(wedge.idle(500)).toEqual({ typed: '1' })
  })

  it('reads letters and shifted signs by their place', () => {
    const wedge = new Wedge()
    wedge.take(press('ShiftLeft', 0, { shiftKey: true }))
    wedge.take(press('KeyR', 5, { shiftKey: true }))
    for (const [index, digit] of [...'2611230001'].entries()) {
      wedge.take(press(`Digit${digit}`, 12 + index * 8))
    }
    expect(wedge.take(press('Enter', 95))).toEqual({ kind: 'scan', code: 'R2611230001' })
    expect(characterOf({ code: 'Digit4', shiftKey: true, capsLock: false })).toBe('$')
    expect(characterOf({ code: 'KeyA', shiftKey: true, capsLock: true })).toBe('a')
  })

  it('reads Alt and number codes', () => {
    const wedge = new Wedge()
    let at = 0
    for (const code of ['056', '056', '048', '049']) {
      wedge.take(press('AltLeft', (at += 5), { altKey: true }))
      for (const digit of code) wedge.take(press(`Numpad${digit}`, (at += 5), { altKey: true }))
      wedge.take(press('AltLeft', (at += 5), { type: 'keyup' }))
    }
    expect(wedge.take(press('Enter', at + 5))).toEqual({ kind: 'scan', code: '8801' })
  })

  it('reads Enter sent as an Alt code', () => {
    const wedge = new Wedge()
    for (const [index, digit] of [...'8801'].entries()) {
      wedge.take(press(`Digit${digit}`, index * 8))
    }
    wedge.take(press('AltLeft', 32, { altKey: true }))
    wedge.take(press('Numpad1', 37, { altKey: true }))
    wedge.take(press('Numpad3', 42, { altKey: true }))
    expect(wedge.take(press('AltLeft', 47, { type: 'keyup' }))).toEqual({
      kind: 'scan',
      code: '8801',
    })
  })

  it('takes a long code without Enter when the keys stop', () => {
    const wedge = new Wedge()
    for (let index = 0; index < 8; index++) wedge.take(press('Digit7', index * 8))
    expect(wedge.idle(200)).toEqual({ code: '77777777' })
    expect(wedge.take(press('Enter', 210))).toEqual({ kind: 'stray' })
    expect(wedge.take(press('Enter', 900))).toEqual({ kind: 'pass' })
  })

  it('starts afresh after a pause in the middle', () => {
    const wedge = new Wedge()
    wedge.take(press('Digit9', 0))
    expect(type(wedge, '8801234567893', 8, 500)).toEqual({ kind: 'scan', code: '8801234567893' })
  })

  it('leaves shortcuts, modifiers and a lone space alone', () => {
    const wedge = new Wedge()
    expect(wedge.take(press('KeyR', 0, { ctrlKey: true }))).toEqual({ kind: 'pass' })
    expect(wedge.take(press('ShiftLeft', 10))).toEqual({ kind: 'pass' })
    expect(wedge.take(press('Space', 20))).toEqual({ kind: 'pass' })
    expect(wedge.take(press('F2', 30))).toEqual({ kind: 'pass' })
  })
})
