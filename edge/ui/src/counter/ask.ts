import type { AskView, KeyView, ProductView, PromptView } from '../api/types.gen'
import type { Item } from './optimistic'

/** A product to be sold, with what has to be asked before. */
export interface Question {
  item: Item
  prompts: PromptView[]
}

/** The answers to a product's prompts. */
export interface Answers {
  note?: string
  quantity?: number
  unit?: number
  ageChecked?: boolean
  expiredChecked?: boolean
}

/** What a product key sells. */
export function fromKey(key: KeyView): Question {
  return {
    item: {
      product: key.product,
      name: key.name,
      unit: key.price,
      vat: key.vat,
      by_weight: key.by_weight,
      single: key.prompts.length > 0,
    },
    prompts: key.prompts,
  }
}

/** What a product found by search sells. */
export function fromProduct(product: ProductView): Question {
  const prompts: PromptView[] = []
  if (product.age > 0) prompts.push({ kind: 'age', age: product.age })
  if (product.ask_note) prompts.push({ kind: 'note', label: product.ask_note })
  if (product.by_weight) prompts.push({ kind: 'weight' })
  return {
    item: {
      ...(product.id === undefined ? {} : { product: product.id }),
      name: product.name,
      unit: product.price,
      vat: product.vat,
      by_weight: product.by_weight,
      single: prompts.length > 0,
    },
    prompts,
  }
}

/** What a scanned product asks, told by the box. */
export function fromAsk(ask: AskView, keys: KeyView[]): Question {
  const key = keys.find((each) => each.product === ask.product)
  return {
    item: {
      product: ask.product,
      name: ask.name,
      unit: key?.price ?? 0,
      vat: key?.vat ?? 'taxable',
      by_weight: ask.prompts.some((prompt) => prompt.kind === 'weight'),
      ...(ask.code ? { code: ask.code } : {}),
      single: true,
    },
    prompts: ask.prompts,
  }
}

/** The latest day of birth of someone old enough, as 2007-11-23. */
export function bornBy(today: string, age: number): string {
  return `${Number(today.slice(0, 4)) - age}${today.slice(4)}`
}
