import { buildRig, startWorld } from './world'

/**
 * Starts the shop that most tests share before the first of them, tells them
 * where it is through SHOPBOX_RIG (JSON), and stops it after the last.
 */
export default async function startRig(): Promise<() => Promise<void>> {
  buildRig()
  const world = await startWorld()
  process.env.SHOPBOX_RIG = JSON.stringify(world.addresses)
  return () => world.stop()
}
