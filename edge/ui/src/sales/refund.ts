import type { LineView } from '../api/types.gen'

/**
 * What is given back for a part of a line: the difference of two running
 * shares, as the box works it out, so that the screen shows the same won.
 */
export function backFor(line: LineView, quantity: number): number {
  const before = line.quantity - (line.left ?? 0)
  return share(line, before + quantity) - share(line, before)
}

function share(line: LineView, quantity: number): number {
  if (quantity === line.quantity) return line.amount
  return Number((BigInt(line.amount) * BigInt(quantity)) / BigInt(line.quantity))
}
