import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')
const program = join(root, '.build/sim')

/** A simulated device beside those of the world. */
export interface Sim {
  addr: string
  control: string
  process: ChildProcess
}

/** Builds the program and starts a device; it ends when its input ends. */
export async function startSim(...device: string[]): Promise<Sim> {
  execFileSync('go', ['build', '-o', program, './drivers/sim'], { cwd: root, stdio: 'inherit' })
  const process = spawn(program, [...device, '--stdin'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: process.stdout }), 'line')) as [string]
  return { ...(JSON.parse(line) as Omit<Sim, 'process'>), process }
}
