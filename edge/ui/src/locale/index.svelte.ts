import { codes as enCodes } from './en.codes'
import { en } from './en'
import { codes as koCodes } from './ko.codes'
import { ko } from './ko'

/** The languages a screen speaks. */
export type Language = 'ko' | 'en'

/** A sentence of the screens. */
export type Key = keyof typeof ko

/** What stands for the {names} in a sentence. */
export type Values = Record<string, string | number>

const words: Record<Language, Record<Key, string>> = { ko, en }
const sentences: Record<Language, Record<string, string>> = { ko: koCodes, en: enCodes }

/** The language of this screen. */
export const locale = $state<{ language: Language }>({ language: 'ko' })

/** Changes the language of this screen. */
export function speak(language: string): void {
  locale.language = language === 'en' ? 'en' : 'ko'
  document.documentElement.lang = locale.language
}

/** The sentence of a key in this screen's language. */
export function t(key: Key, values: Values = {}): string {
  return fill(words[locale.language][key], values)
}

/**
 * What a code from the box means and what to do. A code without words of its
 * own (from a newer box) is shown itself in a plain sentence.
 */
export function say(code: string, values: Values = {}): string {
  const sentence = sentences[locale.language][code]
  return sentence === undefined ? t('code.unknown', { code }) : fill(sentence, values)
}

/** Whether a code has words of its own. */
export function hasWords(code: string): boolean {
  return code in sentences[locale.language]
}

function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole))
}
