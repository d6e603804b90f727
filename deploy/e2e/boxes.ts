import type { Locator, Page } from '@playwright/test'

/** Where something is on the screen. */
export interface Place {
  name: string
  x: number
  y: number
  width: number
  height: number
}

/** The places of all that matches, with what it is called. */
export async function placesOf(found: Locator): Promise<Place[]> {
  return await found.evaluateAll((elements) =>
    elements.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      const name = element.getAttribute('aria-label') ?? element.textContent.trim()
      return { name, x, y, width, height }
    }),
  )
}

/** The place of the one thing that matches. */
export async function placeOf(found: Locator): Promise<Place> {
  const [place] = await placesOf(found)
  if (!place) throw new Error('it is not on the screen')
  return place
}

/**
 * Everything on the page that can be touched and is smaller than 48 px. A
 * field inside a label is as large as its label.
 */
export async function tooSmall(page: Page): Promise<Place[]> {
  const controls = page.locator('button, a[href], input, select, textarea, [role=button]')
  return await controls.evaluateAll((elements) => {
    const small = []
    for (const element of elements) {
      const touched = element instanceof HTMLInputElement ? element.closest('label') : null
      const { x, y, width, height } = (touched ?? element).getBoundingClientRect()
      if (!element.checkVisibility() || (width >= 47.5 && height >= 47.5)) continue
      small.push({ name: element.outerHTML.slice(0, 160), x, y, width, height })
    }
    return small
  })
}

/** How far the page as a whole can be scrolled, in either direction. */
export async function overflow(page: Page): Promise<{ x: number; y: number }> {
  return await page.evaluate(() => {
    const root = document.documentElement
    return {
      x: Math.max(root.scrollWidth, document.body.scrollWidth) - window.innerWidth,
      y: Math.max(root.scrollHeight, document.body.scrollHeight) - window.innerHeight,
    }
  })
}

/** Whether all of something lies inside the window. */
export function inside(page: Page, place: Place): boolean {
  const size = page.viewportSize()
  if (!size) return false
  return (
    place.x >= 0 &&
    place.y >= 0 &&
    place.x + place.width <= size.width + 0.5 &&
    place.y + place.height <= size.height + 0.5
  )
}
