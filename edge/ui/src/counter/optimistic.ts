import type { CartView, LineView } from '../api/types.gen'

/**
 * What a tap does to the cart, drawn before the box answers and corrected by
 * the box's snapshot. The sums here are only for the eyes: the box counts.
 */

/** What a tap adds. */
export interface Item {
  product?: string
  name: string
  unit: number
  vat: 'taxable' | 'exempt'
  by_weight: boolean
  note?: string
  age_checked?: boolean
  expired_checked?: boolean
  /** The person said the price: the catalogue has none. */
  price_given?: boolean
  /** What was scanned, when the code carries the weight or the price. */
  code?: string
  /** Keeps a line of its own: it asked something, or has no product. */
  single: boolean
}

/** A line as the tap saw it; the product finds it when it has no id yet. */
export interface Target {
  line: string
  product: string | undefined
}

/** Another request that changes the cart, without anything to draw before. */
export interface Request {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
}

export type Action =
  | { kind: 'add'; item: Item; quantity: number }
  | { kind: 'scan'; code: string }
  | { kind: 'quantity'; target: Target; quantity: number }
  | { kind: 'remove'; target: Target }
  | { kind: 'request'; request: Request }
  | { kind: 'pay'; key: string; due: number; request: Request }

/** An action on its way, in the order of the taps. */
export type Step = Action & { id: number }

/** Draws a step into the cart. */
export function draw(cart: CartView, step: Step): CartView {
  switch (step.kind) {
    case 'add':
      return drawAdd(cart, step.item, step.quantity, step.id)
    case 'scan':
      return { ...cart, lines: [...cart.lines, ghost(step.code, step.id)], notes: [] }
    case 'quantity':
      return drawQuantity(cart, find(cart, step.target), step.quantity)
    case 'remove':
      return drawRemove(cart, find(cart, step.target))
    case 'request':
    case 'pay':
      return cart
  }
}

/** Whether a line is only drawn and not yet known to the box. */
export function isPending(line: LineView): boolean {
  return line.id.startsWith('new:')
}

/** Whether a line is a scanned code the box is still looking up. */
export function isGhost(line: LineView): boolean {
  return line.id.startsWith('new:scan:')
}

/** Makes one step of two taps that have not been sent yet, when they are alike. */
export function merge(earlier: Step, later: Action): Step | undefined {
  if (earlier.kind === 'add' && later.kind === 'add') {
    if (earlier.item.single || later.item.single || earlier.item.product !== later.item.product) {
      return undefined
    }
    return { ...earlier, quantity: earlier.quantity + later.quantity }
  }
  if (earlier.kind === 'quantity' && later.kind === 'quantity') {
    return earlier.target.line === later.target.line
      ? { ...earlier, quantity: later.quantity }
      : undefined
  }
  return undefined
}

/**
 * The request of a step against the cart as the box has it now; undefined when
 * there is nothing left to ask for, such as a line that is gone.
 */
export function requestOf(step: Step, cart: CartView): Request | undefined {
  switch (step.kind) {
    case 'add':
      return { method: 'POST', path: '/api/cart/lines', body: addBody(step.item, step.quantity) }
    case 'scan':
      return { method: 'POST', path: '/api/cart/scan', body: { code: step.code } }
    case 'quantity': {
      const line = find(cart, step.target)
      return line && { method: 'PATCH', path: pathOf(line), body: { quantity: step.quantity } }
    }
    case 'remove': {
      const line = find(cart, step.target)
      return line && { method: 'DELETE', path: pathOf(line) }
    }
    case 'request':
    case 'pay':
      return step.request
  }
}

function pathOf(line: LineView): string {
  return `/api/cart/lines/${encodeURIComponent(line.id)}`
}

function addBody(item: Item, quantity: number): Record<string, unknown> {
  const extra = {
    ...(item.note ? { note: item.note } : {}),
    ...(item.age_checked ? { age_checked: true } : {}),
    ...(item.expired_checked ? { expired_checked: true } : {}),
    ...(item.price_given ? { unit: item.unit } : {}),
    ...(item.code ? { code: item.code } : {}),
  }
  if (item.product === undefined) return { name: item.name, unit: item.unit, vat: item.vat }
  return { product: item.product, quantity, ...extra }
}

function find(cart: CartView, target: Target): LineView | undefined {
  return (
    cart.lines.find((line) => line.id === target.line) ??
    (target.line.startsWith('new:') && target.product !== undefined
      ? cart.lines.findLast((line) => line.product === target.product)
      : undefined)
  )
}

function drawAdd(cart: CartView, item: Item, quantity: number, step: number): CartView {
  const same = cart.lines.find((line) => !item.single && joins(line, item))
  if (same) return drawQuantity(cart, same, same.quantity + quantity)
  const amount = times(item.unit, quantity)
  const line: LineView = {
    id: `new:${step}`,
    ...(item.product === undefined ? {} : { product: item.product }),
    name: item.name,
    quantity,
    by_weight: item.by_weight,
    unit: item.unit,
    list: item.unit,
    discount: 0,
    permille: 0,
    amount,
    vat: item.vat,
    ...(item.note ? { note: item.note } : {}),
  }
  return withSum({ ...cart, lines: [...cart.lines, line] }, amount)
}

/** Whether the box would put the item onto this line. */
function joins(line: LineView, item: Item): boolean {
  const untouched = line.permille === 0 && line.discount === 0 && !line.note
  return line.product === item.product && line.unit === item.unit && untouched && !isGhost(line)
}

function drawQuantity(cart: CartView, line: LineView | undefined, quantity: number): CartView {
  if (!line) return cart
  const amount =
    line.discount === 0
      ? times(line.unit, quantity)
      : Math.round((line.amount / line.quantity) * quantity)
  const lines = cart.lines.map((each) => (each === line ? { ...each, quantity, amount } : each))
  return withSum({ ...cart, lines }, amount - line.amount)
}

function drawRemove(cart: CartView, line: LineView | undefined): CartView {
  if (!line) return cart
  return withSum({ ...cart, lines: cart.lines.filter((each) => each !== line) }, -line.amount)
}

function withSum(cart: CartView, change: number): CartView {
  const off = Math.round((change * cart.whole_permille) / 1000)
  const total = Math.max(0, cart.total + change - off)
  return { ...cart, gross: cart.gross + change, total, due: total - cart.paid, notes: [] }
}

function ghost(code: string, step: number): LineView {
  return {
    id: `new:scan:${step}`,
    name: code,
    quantity: 1000,
    by_weight: false,
    unit: 0,
    list: 0,
    discount: 0,
    permille: 0,
    amount: 0,
    vat: 'taxable',
  }
}

/** A price times thousandths, rounded half up as the box does. */
export function times(unit: number, milli: number): number {
  const whole = Math.trunc(milli / 1000)
  return unit * whole + Math.floor((unit * (milli % 1000) + 500) / 1000)
}
