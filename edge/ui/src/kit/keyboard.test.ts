import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Keyboard } from './keyboard'

let keyboard: Keyboard
let stop: () => void
let at: number

beforeEach(() => {
  vi.useFakeTimers()
  keyboard = new Keyboard()
  stop = keyboard.listen(window)
  at = 1_000
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  document.body.replaceChildren()
})

interface Press {
  key?: string
  keyCode?: number
  after?: number
}

/** Presses a key; a field gets its character, as a browser would do. */
function press(
  target: HTMLElement,
  code: string,
  { key = '', keyCode = 0, after = 8 }: Press = {},
) {
  at += after
  const event = new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true })
  Object.defineProperties(event, { timeStamp: { value: at }, keyCode: { value: keyCode } })
  target.dispatchEvent(event)
  const typing = target instanceof HTMLInputElement && !event.defaultPrevented && key.length === 1
  if (typing) target.value += key
  return event
}

function scan(target: HTMLElement, code: string, how: (digit: string) => Press) {
  for (const digit of code) press(target, `Digit${digit}`, how(digit))
  return press(target, 'Enter', { ...how(''), key: 'Enter' })
}

function field(value = ''): HTMLInputElement {
  const input = document.createElement('input')
  input.value = value
  document.body.append(input)
  return input
}

describe('Keyboard', () => {
  it('takes a scan anywhere and lets no key through', () => {
    const codes: string[] = []
    const keys: string[] = []
    keyboard.onScan((code) => codes.push(code))
    keyboard.onKey((key) => keys.push(key) > 0)
    const enter = scan(document.body, '8801234567893', (key) => ({ key }))
    vi.runAllTimers()
    expect(codes).toEqual(['8801234567893'])
    expect(keys).toEqual([])
    expect(enter.defaultPrevented).toBe(true)
  })

  it('leaves a note field as it was', () => {
    const codes: string[] = []
    keyboard.onScan((code) => codes.push(code))
    const note = field('선물')
    scan(note, '8801234567893', (key) => ({ key }))
    vi.runAllTimers()
    expect(codes).toEqual(['8801234567893'])
    expect(note.value).toBe('선물')
  })

  it('reads a scan while Korean input is on', () => {
    const codes: string[] = []
    keyboard.onScan((code) => codes.push(code))
    const note = field()
    scan(note, '8801234567893', () => ({ key: 'Process', keyCode: 229 }))
    note.value = 'ㅂ'
    vi.runAllTimers()
    expect(codes).toEqual(['8801234567893'])
    expect(note.value).toBe('')
  })

  it('gives slow digits to the newest key taker', () => {
    const keys: string[] = []
    keyboard.onKey(() => false)
    keyboard.onKey((key) => keys.push(key) > 0)
    for (const digit of '500') {
      press(document.body, `Digit${digit}`, { key: digit, after: 200 })
      vi.advanceTimersByTime(200)
    }
    press(document.body, 'Enter', { key: 'Enter', after: 200 })
    expect(keys).toEqual(['5', '0', '0', 'Enter'])
  })

  it('loses no digit when the screen is too busy for its timers', () => {
    const keys: string[] = []
    keyboard.onKey((key) => keys.push(key) > 0)
    for (const digit of '500') press(document.body, `Digit${digit}`, { key: digit, after: 200 })
    press(document.body, 'Enter', { key: 'Enter', after: 200 })
    expect(keys).toEqual(['5', '0', '0', 'Enter'])
  })

  it('keeps typed text for its field, and gives F-keys and Escape away', () => {
    const keys: string[] = []
    keyboard.onKey((key) => keys.push(key) > 0)
    const note = field()
    press(note, 'KeyA', { key: 'a', after: 300 })
    vi.runAllTimers()
    press(note, 'F2', { key: 'F2', after: 300 })
    press(note, 'Escape', { key: 'Escape', after: 300 })
    expect(note.value).toBe('a')
    expect(keys).toEqual(['F2', 'Escape'])
  })

  it('lets Enter press the button that has the focus', () => {
    const keys: string[] = []
    keyboard.onKey((key) => keys.push(key) > 0)
    const button = document.createElement('button')
    document.body.append(button)
    expect(press(button, 'Enter', { key: 'Enter', after: 500 }).defaultPrevented).toBe(false)
    expect(keys).toEqual([])
  })

  it('gives a scan to the newest taker, and to the one before when it leaves', () => {
    const codes: string[] = []
    keyboard.onScan((code) => codes.push(`counter ${code}`))
    const leave = keyboard.onScan((code) => codes.push(`form ${code}`))
    scan(document.body, '12345678', (key) => ({ key }))
    leave()
    at += 1_000
    scan(document.body, '87654321', (key) => ({ key }))
    expect(codes).toEqual(['form 12345678', 'counter 87654321'])
  })
})
