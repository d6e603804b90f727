import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Where the running programs are, as deploy/rig/serve prints it when ready. */
type Addresses = { box: string; hub: string; sims: Record<string, string> }

const root = join(import.meta.dirname, '../..')
const program = join(root, '.build/rig-serve')
const readyWithin = 5 * 60_000
const goneWithin = 20_000

/**
 * Starts the real hub and box with simulated devices before the first test,
 * tells the tests their addresses through SHOPBOX_BOX, SHOPBOX_HUB and
 * SHOPBOX_SIMS (JSON), and stops them after the last.
 */
export default async function startRig(): Promise<() => Promise<void>> {
  mkdirSync(join(root, '.build'), { recursive: true })
  execFileSync('go', ['build', '-o', program, './deploy/rig/serve'], {
    cwd: root,
    stdio: 'inherit',
  })
  const rig = spawn(program, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const addresses = await ready(rig)
    process.env.SHOPBOX_BOX = addresses.box
    process.env.SHOPBOX_HUB = addresses.hub
    process.env.SHOPBOX_SIMS = JSON.stringify(addresses.sims)
  } catch (error) {
    await stop(rig)
    throw error
  }
  return () => stop(rig)
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
