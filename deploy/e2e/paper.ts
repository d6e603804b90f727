import { expect } from '@playwright/test'
import type { Shop } from './shop'

/** What differs from one printing to the next, and what stands for it. */
const volatile: [RegExp, string][] = [
  [/ +20\d{6}-\d{4,}/g, ' <number>'],
  [/R\d{10,}/g, 'R<number>'],
  [/ +\d{4}\. \d+\. \d+\. \([^)]{1,2}\) \d\d:\d\d/g, ' <time>'],
  // An approval's number comes from the card terminal.
  [/((?:승인번호|\xbd\xc2\xc0\xce\xb9\xf8\xc8\xa3)) +\d+/g, '$1 <approval>'],
]

function settle(text: string): string {
  return volatile.reduce((result, [pattern, name]) => result.replace(pattern, name), text)
}

/** Bytes as text: what cannot be read is written as \xNN, a line feed stays. */
function readable(bytes: Buffer): string {
  return settle(bytes.toString('latin1')).replace(
    /[^\n\x20-\x7e]/g,
    (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

/**
 * Compares the slip of a sale with its goldens in testdata: what a person
 * reads, and every byte that went to the printer. The picture must be one.
 */
export async function expectPaper(shop: Shop, sale: string, golden: string): Promise<void> {
  const found = async () =>
    (await shop.slips()).find((slip) => slip.text.includes(sale) && slip.cut)
  await expect.poll(async () => (await found())?.number, `${sale} on paper`).toBeDefined()
  const slip = await found()
  expect(slip?.unknown ?? []).toEqual([])
  expect(settle(slip?.text ?? '')).toMatchSnapshot(`${golden}.txt`)
  expect(readable(await shop.paper('bin', slip?.number))).toMatchSnapshot(`${golden}.escpos.txt`)
  const picture = await shop.paper('png', slip?.number)
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)]
  expect(width).toBeGreaterThan(500)
  expect(height).toBeGreaterThan(400)
}
