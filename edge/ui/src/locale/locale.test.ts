import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { codes as enCodes } from './en.codes'
import { hasWords, say, speak, t } from './index.svelte'
import { ko } from './ko'
import { codes as koCodes } from './ko.codes'

const root = join(import.meta.dirname, '../../../..')

function holes(sentence: string): string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted()
}

function goFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
}

/** Every first group of a pattern in the Go files of a folder. */
function found(folder: string, pattern: RegExp): string[] {
  return goFiles(folder).flatMap((text) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ''),
  )
}

describe.each([
  ['words', ko, en],
  ['codes', koCodes, enCodes],
])(
  'the two languages have the same %s',
  (_, korean: Record<string, string>, english: Record<string, string>) => {
    it('by key', () => expect(Object.keys(english)).toEqual(Object.keys(korean)))

    it.each(Object.keys(korean))('%s with the same holes, and not empty', (key) => {
      const [one, other] = [korean[key] ?? '', english[key] ?? '']
      expect(holes(other)).toEqual(holes(one))
      expect(one.trim()).not.toBe('')
      expect(other.trim()).not.toBe('')
    })
  },
)

describe('every code of the box has words', () => {
  const rooms = [
    'till',
    'sale',
    'catalog',
    'staff',
    'stock',
    'vertical',
    'agent',
    'devices',
    'receipt',
    'label',
  ]
  const stable = /errors\.New\("([a-z]+(?:_[a-z]+)*)"\)/g

  it.each(rooms)('of edge/%s', (room) => {
    for (const code of found(`edge/${room}`, stable)) expect(hasWords(code), code).toBe(true)
  })

  it('of the devices', () => {
    for (const file of ['drivers', 'abilities', 'cashreceipt']) {
      const codes = readFileSync(join(root, `drivers/${file}.go`), 'utf8').matchAll(stable)
      for (const [, code] of codes) {
        expect(hasWords(code ?? ''), code).toBe(true)
      }
    }
  })

  it('of the API', () => {
    const codes = [
      ...found('edge/api', /\bcode[A-Z]\w*\s*=\s*"([a-z_]+)"/g),
      ...found('edge/api', /code:\s*"([a-z_]+)"/g),
    ]
    expect(codes.length).toBeGreaterThan(5)
    for (const code of codes) expect(hasWords(code), code).toBe(true)
  })

  it('of what devices and scans have to say', () => {
    const told = /(?:become|Notify|newProblem|t\.say)\([^"()\n]*"([a-z]+(?:_[a-z]+)*)"/g
    const rooms = ['edge/devices', 'edge/app', 'edge/api', 'edge/till']
    const codes = rooms.flatMap((room) => found(room, told))
    expect(codes.length).toBeGreaterThan(5)
    for (const code of codes) expect(hasWords(code), code).toBe(true)
  })

  it('of the acts that need a right', () => {
    const acts = found('edge/staff', /\bAct[A-Z]\w*\s+Act\s*=\s*"([a-z_]+)"/g)
    expect(acts.length).toBeGreaterThan(10)
    for (const act of acts) expect(hasWords(`act.${act}`), act).toBe(true)
  })

  it('of what a terminal is doing', () => {
    const steps = found('drivers', /\bProgress\w+\s+Progress\s*=\s*"([a-z_]+)"/g)
    expect(steps.length).toBeGreaterThan(5)
    for (const step of steps) expect(hasWords(`progress.${step}`), step).toBe(true)
  })

  it('of refusals at the terminal', () => {
    const reasons = found('drivers/zvt', /\breason\w+\s*=\s*"([a-z_]+)"/g)
    expect(reasons.length).toBeGreaterThan(5)
    for (const reason of reasons) expect(hasWords(`reason.${reason}`), reason).toBe(true)
  })

  it('of the settings of drivers', () => {
    const fields = ['escpos', 'zpl', 'zvt', 'tl3x00', 'koces', 'serialscan', 'hidscan'].flatMap(
      (driver) => found(`drivers/${driver}`, /\{Name: "([a-z_]+)"/g),
    )
    expect(fields.length).toBeGreaterThan(5)
    for (const field of fields) expect(hasWords(`field.${field}`), field).toBe(true)
  })

  it('of bad cells and columns of an import', () => {
    const codes = found('edge/catalog', /^\s+Code[A-Z]\w*\s*=\s*"([a-z_]+)"/gm)
    for (const code of codes) expect(hasWords(`import.${code}`), code).toBe(true)
    const columns = found('edge/catalog', /\bColumn[A-Z]\w*\s*=\s*"([a-z_]+)"/g)
    expect(columns.length).toBeGreaterThan(5)
    for (const column of columns) expect(hasWords(`column.${column}`), column).toBe(true)
  })
})

describe('speaking', () => {
  it('fills the holes in the chosen language', () => {
    speak('en')
    expect(t('counter.page', { page: 2 })).toBe('Page 2')
    speak('ko')
    expect(t('counter.page', { page: 2 })).toBe('2쪽')
    expect(document.documentElement.lang).toBe('ko')
  })

  it('shows an unknown code itself', () => {
    expect(say('from_the_future')).toContain('from_the_future')
  })
})
