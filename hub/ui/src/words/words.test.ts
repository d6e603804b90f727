import { describe, expect, it } from 'vitest'
import { en } from './en'
import { ko } from './ko'
import { isWord, sentence, type Word } from './words'

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

describe('words', () => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(en)).toEqual(Object.keys(ko))
  })

  it.each(Object.keys(ko) as Word[])('%s has the same placeholders and some text', (key) => {
    expect(placeholders(en[key])).toEqual(placeholders(ko[key]))
    expect(ko[key].trim()).not.toBe('')
    expect(en[key].trim()).not.toBe('')
  })

  it('fills placeholders and keeps unknown ones in sight', () => {
    expect(sentence('ko', 'dash.sales', { count: 3 })).toBe('판매 3건')
    expect(sentence('en', 'dash.sales')).toBe('Sales: {count}')
  })

  it('knows its own keys', () => {
    expect(isWord('tender.cash')).toBe(true)
    expect(isWord('tender.gold')).toBe(false)
  })
})
