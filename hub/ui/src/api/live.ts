/** A nudge as the hub sends it. */
interface Nudge {
  version: number
}

/**
 * Listens for nudges until the returned function is called. The browser
 * reconnects by itself; the hub sends a version at once, so nothing is missed.
 */
export function listen(
  nudged: (version: number) => void,
  connected: (now: boolean) => void,
): () => void {
  const source = new EventSource('/api/live')
  source.onopen = () => connected(true)
  source.onerror = () => connected(false)
  source.onmessage = (event: MessageEvent<string>) => {
    const nudge = JSON.parse(event.data) as Nudge
    nudged(nudge.version)
  }
  return () => source.close()
}
