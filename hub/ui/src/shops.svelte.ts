import { client, take } from './api/client'
import type { SchemaShop } from './api/types.gen'
import { Reader } from './reader.svelte'

/** The tenant's shops, read once for all screens and again when one is added. */
export const shops = new Reader<SchemaShop[]>()

export function readShops(): Promise<void> {
  return shops.read(async () => (await take(client.GET('/api/shops'))).shops)
}
