import type { Shop } from './shop'
import { startSim, type Sim } from './sim'

/** Starts a simulated terminal that issues cash receipts and takes wallets. */
export function startTerminal(): Promise<Sim> {
  return startSim('koces', '--listen', '127.0.0.1:0')
}

/** Makes it the shop's only terminal. */
export async function adopt(shop: Shop, terminal: Sim): Promise<void> {
  const old = (await shop.state()).devices.find((device) => device.kind === 'terminal')
  await shop.ask('DELETE', `/api/devices/${old?.id}`)
  await shop.ask('POST', '/api/devices', {
    driver: 'koces',
    name: '현금영수증 단말기',
    settings: { addr: terminal.addr, tid: '1234567890' },
  })
}
