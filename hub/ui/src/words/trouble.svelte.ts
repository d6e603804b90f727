import type { Trouble } from '../api/client'
import { t } from './language.svelte'
import { isWord } from './words'

/** The sentence for what went wrong. */
export function troubleText(trouble: Trouble): string {
  const key = `error.${trouble.code}`
  return isWord(key) ? t(key, { seconds: Math.max(1, trouble.wait) }) : t('error.unknown')
}
