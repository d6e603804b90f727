import type { Browser } from '@playwright/test'
import { Counter } from './counter'
import { Shop } from './shop'
import { startWorld } from './world'

/** Runs a test as the owner of a shop of its own. */
export async function inWorld(
  browser: Browser,
  act: (counter: Counter, shop: Shop) => Promise<void>,
): Promise<void> {
  const world = await startWorld()
  const shop = await Shop.enter(world.addresses)
  const context = await browser.newContext({
    baseURL: world.addresses.box,
    storageState: await shop.box.storageState(),
    viewport: { width: 1024, height: 600 },
    hasTouch: true,
  })
  try {
    const counter = new Counter(await context.newPage())
    await act(counter, shop)
  } finally {
    await context.close()
    await shop.box.dispose()
    await world.stop()
  }
}
