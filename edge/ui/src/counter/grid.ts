/**
 * The grid of product keys: the same columns and rows on every screen, so that
 * the hand finds a key at the same place everywhere.
 */
export const columns = 5
export const rows = 5
export const pageSize = columns * rows
