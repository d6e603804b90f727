/** The page's address after the #, as a path and its questions. */
interface Route {
  path: string[]
  query: URLSearchParams
}

function read(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  return {
    path: path.split('/').filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(query),
  }
}

const state = $state<{ now: Route }>({ now: read() })
window.addEventListener('hashchange', () => (state.now = read()))

/** Where the screen is. */
export function route(): Route {
  return state.now
}

/** The address of a screen; empty questions are left out. */
export function to(path: string[], query: Record<string, string> = {}): string {
  const text = Object.entries(query)
    .filter(([, value]) => value !== '')
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&')
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`
}

/** Changes questions of the address without a new step in the history. */
export function ask(changes: Record<string, string>): void {
  const query = Object.fromEntries(state.now.query)
  location.replace(to(state.now.path, { ...query, ...changes }))
}
