import { en } from './en'
import type { Language } from './format'
import { ko } from './ko'

/** The key of a sentence; both languages have all of them. */
export type Word = keyof typeof ko
/** One language's sentences. */
export type Words = Record<Word, string>

const languages: Record<Language, Words> = { ko, en }

/** Whether there is a sentence for the key. */
export function isWord(key: string): key is Word {
  return key in ko
}

/** The sentence of the key with its {names} filled in. */
export function sentence(
  language: Language,
  key: Word,
  fill: Record<string, string | number> = {},
): string {
  return languages[language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(fill[name] ?? whole),
  )
}
