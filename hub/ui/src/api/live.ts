/** A nudge as the hub sends it. */
interface Nudge {
  version: number
}

const again = 3000

/**
 * Listens for nudges until the returned function is called. The browser
 * reconnects by itself when the line drops; where it gives up, because
 * something answered in the hub's place, it is opened anew. The hub sends a
 * version at once, so nothing is missed.
 */
export function listen(
  nudged: (version: number) => void,
  connected: (now: boolean) => void,
): () => void {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout>

  function open(): void {
    source = new EventSource('/api/live')
    source.onopen = () => connected(true)
    source.onmessage = (event: MessageEvent<string>) =>
      nudged((JSON.parse(event.data) as Nudge).version)
    source.onerror = () => {
      connected(false)
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, again)
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
