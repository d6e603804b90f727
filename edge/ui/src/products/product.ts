import type { ProductView } from '../api/types.gen'

/** A new product of a category, to be filled in. */
export function blank(category: string): ProductView {
  return {
    name: '',
    category,
    price: 0,
    vat: 'taxable',
    barcodes: [],
    by_weight: false,
    unit: '',
    age: 0,
    ask_note: '',
    on_keys: false,
    archived: false,
    stock: 0,
  }
}

/** Whole won from what was typed, however it was grouped. */
export function wonOf(text: string): number {
  const digits = text.replace(/\D/g, '')
  return digits === '' ? 0 : Math.min(Number(digits), 999_999_999)
}

/** Thousandths from a number that was typed. */
export function milliOf(typed: number): number {
  return Math.round(typed * 1000)
}

/** How many whole pieces of a product are in stock, at most so many. */
export function piecesIn(product: ProductView, most: number): number {
  if (product.by_weight) return 0
  return Math.min(Math.max(Math.floor(product.stock / 1000), 0), most)
}
