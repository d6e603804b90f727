import type { SchemaNotice } from '../api/types.gen'
import { longDay, won } from './format'
import { language, t } from './language.svelte'
import { isWord } from './words'

/** A device by its kind. */
export function deviceWord(kind: string): string {
  const key = `device.${kind}`
  return isWord(key) ? t(key) : t('device.other')
}

/** A way of paying. */
export function tenderWord(kind: string): string {
  const key = `tender.${kind}`
  return isWord(key) ? t(key) : t('tender.other', { kind })
}

/** What a notice says, naming the thing and the next act. */
export function noticeText(notice: Omit<SchemaNotice, 'shop'>): string {
  const fill = {
    device: deviceWord(notice.device ?? ''),
    count: notice.count ?? 0,
    amount: won(Math.abs(notice.amount ?? 0)),
    day: notice.day ? longDay(notice.day, language()) : '',
  }
  const own = `notice.${notice.code}`
  if (!notice.device && isWord(own)) return t(own, fill)
  const fault = `notice.device.${notice.code}`
  return isWord(fault) ? t(fault, fill) : t('notice.device.other', fill)
}
