/** The notes and coins of the won, largest first. */
export const notes = [50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10] as const

/** What the counted notes and coins come to. */
export function sumOf(counts: Record<number, number>): number {
  return notes.reduce((sum, note) => sum + note * (counts[note] ?? 0), 0)
}
