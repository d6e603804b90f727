import type { Language } from './format'
import { sentence, type Word } from './words'

const kept = 'shopbox.language'

function first(): Language {
  return localStorage.getItem(kept) === 'en' ? 'en' : 'ko'
}

const state = $state<{ now: Language }>({ now: first() })

/** The language of the screen now. */
export function language(): Language {
  return state.now
}

/** Changes the language and remembers it on this device. */
export function speak(next: Language): void {
  state.now = next
  localStorage.setItem(kept, next)
  document.documentElement.lang = next
}

/** The sentence of the key in the language of the screen. */
export function t(key: Word, fill?: Record<string, string | number>): string {
  return sentence(state.now, key, fill)
}
