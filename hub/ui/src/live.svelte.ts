import { listen } from './api/live'
import { stillIn } from './session.svelte'

const state = $state({ version: 0, connected: true })

/** Grows with every change of the tenant's records; read it to read again. */
export function version(): number {
  return state.version
}

/** Whether the line to the hub stands. */
export function connected(): boolean {
  return state.connected
}

/** Starts following; the returned function stops it. */
export function follow(): () => void {
  const stop = listen(
    (next) => (state.version = next),
    (now) => {
      state.connected = now
      if (!now) void stillIn()
    },
  )
  return () => {
    stop()
    state.connected = true
  }
}
