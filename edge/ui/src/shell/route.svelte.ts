/** The screens behind the counter's menu. */
export const pages = [
  'counter',
  'products',
  'sales',
  'day',
  'staff',
  'devices',
  'settings',
  'audit',
] as const

export type Page = (typeof pages)[number]

/** Where this screen is: the address after the hash, #/sales/20261123-0001. */
export class Route {
  #hash = $state(location.hash)
  readonly page = $derived.by((): Page => {
    const name = this.#hash.split('/')[1]
    return pages.find((page) => page === name) ?? 'counter'
  })
  /** What on the page is opened, such as a sale's number. */
  readonly subject = $derived(decodeURIComponent(this.#hash.split('/')[2] ?? ''))

  /** Follows the address; the returned function stops it. */
  follow(): () => void {
    const read = () => (this.#hash = location.hash)
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }
}

/** Goes to a page. */
export function go(page: Page, subject = ''): void {
  location.hash = subject ? `#/${page}/${encodeURIComponent(subject)}` : `#/${page}`
}
