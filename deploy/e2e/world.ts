import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Where the running programs are, as deploy/rig/serve prints it when ready. */
export interface Addresses {
  box: string
  hub: string
  /** Cuts and mends the programs. */
  control: string
  sims: { printer: string; terminal: string; scanner: string }
}

/** A hub and a box with simulated devices, which somebody has to stop. */
export interface World {
  addresses: Addresses
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const program = join(root, '.build/rig-serve')
const readyWithin = 5 * 60_000
const goneWithin = 20_000

/** Builds the program that runs worlds. */
export function buildRig(): void {
  mkdirSync(join(root, '.build'), { recursive: true })
  execFileSync('go', ['build', '-o', program, './deploy/rig/serve'], {
    cwd: root,
    stdio: 'inherit',
  })
}

/** Starts a world; what the arguments mean stands in deploy/rig/serve. */
export async function startWorld(...args: string[]): Promise<World> {
  const rig = spawn(program, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    return { addresses: await ready(rig), stop: () => stop(rig) }
  } catch (error) {
    await stop(rig)
    throw error
  }
}

/** Waits for the rig's first line; anything else it does first is a fault. */
async function ready(rig: ChildProcess): Promise<Addresses> {
  if (!rig.stdout) throw new Error('rig has no output')
  const lines = createInterface({ input: rig.stdout })
  const signal = AbortSignal.timeout(readyWithin)
  const line = once(lines, 'line', { signal }).then(([text]) => String(text))
  const gone = once(rig, 'exit', { signal }).then(([code, by]) => {
    throw new Error(`rig ended before it was ready (${String(code ?? by)}); see its output above`)
  })
  return JSON.parse(await Promise.race([line, gone])) as Addresses
}

/** Closes the rig's input, which asks it to stop, and kills it if it does not. */
async function stop(rig: ChildProcess): Promise<void> {
  if (rig.exitCode !== null || rig.signalCode !== null) return
  const gone = once(rig, 'exit')
  const late = setTimeout(() => rig.kill('SIGKILL'), goneWithin)
  rig.stdin?.end()
  await gone
  clearTimeout(late)
}
