import type { KeyView } from '../api/types.gen'
import { pageSize } from '../counter/grid'

/** The places of a category's keys, whole pages with one to spare, '' for free. */
export function layOut(keys: KeyView[]): string[] {
  const last = Math.max(-1, ...keys.map((key) => key.slot))
  const size = (Math.floor((last + 1) / pageSize) + 1) * pageSize
  const slots = Array.from({ length: size }, () => '')
  for (const key of keys) slots[key.slot] = key.product
  return slots
}

/** The places with two of them changed over. */
export function swap(slots: string[], one: number, other: number): string[] {
  const next = [...slots]
  next[one] = slots[other] ?? ''
  next[other] = slots[one] ?? ''
  return next
}
