import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Shop } from './shop'

const root = join(import.meta.dirname, '../..')

/** A simulated terminal that issues cash receipts and takes wallets. */
export interface Terminal {
  addr: string
  control: string
  process: ChildProcess
}

/** Starts one; it ends when its input ends. */
export async function startTerminal(): Promise<Terminal> {
  const program = join(root, '.build/sim')
  execFileSync('go', ['build', '-o', program, './drivers/sim'], { cwd: root, stdio: 'inherit' })
  const process = spawn(program, ['koces', '--listen', '127.0.0.1:0', '--stdin'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: process.stdout }), 'line')) as [string]
  return { ...(JSON.parse(line) as Omit<Terminal, 'process'>), process }
}

/** Makes it the shop's only terminal. */
export async function adopt(shop: Shop, terminal: Terminal): Promise<void> {
  const old = (await shop.state()).devices.find((device) => device.kind === 'terminal')
  await shop.ask('DELETE', `/api/devices/${old?.id}`)
  await shop.ask('POST', '/api/devices', {
    driver: 'koces',
    name: '현금영수증 단말기',
    settings: { addr: terminal.addr, tid: '1234567890' },
  })
}
