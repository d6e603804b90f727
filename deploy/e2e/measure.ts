import { expect, type Page } from '@playwright/test'

/** Seen is what a page showed, and when. */
export interface Seen {
  /**
   * When a text was shown first since the page is watched, in milliseconds
   * since 1970. Waits for it.
   */
  at(text: RegExp): Promise<number>
}

/**
 * Watches a page from now on. The page itself keeps the time, so that a test
 * that is slow to look does not make the page slow.
 */
export async function watch(page: Page): Promise<Seen> {
  await page.evaluate(() => {
    const shown: { text: string; at: number }[] = []
    const look = () => {
      const text = document.body.innerText
      if (text !== shown.at(-1)?.text) shown.push({ text, at: Date.now() })
    }
    Object.assign(window, { shown })
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    look()
  })
  const when = (text: RegExp) =>
    page.evaluate(
      ({ source, flags }) => {
        const { shown } = window as unknown as { shown: { text: string; at: number }[] }
        return shown.find((each) => new RegExp(source, flags).test(each.text))?.at
      },
      { source: text.source, flags: text.flags },
    )
  return {
    at: async (text) => {
      await expect.poll(() => when(text), { message: String(text) }).toBeDefined()
      return (await when(text)) ?? NaN
    },
  }
}

/** How often something is measured at most. */
const tries = 5

/**
 * Measures until one try takes no longer than the limit, in milliseconds. What
 * else runs on this machine delays some tries; what is slow here delays all.
 */
export async function expectWithin(limit: number, measure: () => Promise<number>): Promise<void> {
  const took: number[] = []
  while (took.length < tries && !took.some((each) => each <= limit)) took.push(await measure())
  expect(Math.min(...took), `best of ${took.join(', ')} ms`).toBeLessThanOrEqual(limit)
}
