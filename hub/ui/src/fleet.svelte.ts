import type { SchemaFleetCounts } from './api/types.gen'

export type FleetFilter = keyof SchemaFleetCounts

/** The views of the desk, in the order of their number keys. */
export const filters: readonly FleetFilter[] = ['all', 'online', 'silent', 'new', 'unsent', 'fault']

/** A filter and a search that an operator named. */
export interface SavedView {
  name: string
  filter: FleetFilter
  search: string
}

const kept = 'shopbox.fleet.views'

function read(): SavedView[] {
  try {
    const views: unknown = JSON.parse(localStorage.getItem(kept) ?? '[]')
    return Array.isArray(views)
      ? (views as SavedView[]).filter((view) => isFilter(view.filter))
      : []
  } catch {
    return []
  }
}

/** Whether a word of the address is a view. */
export function isFilter(word: string): word is FleetFilter {
  return (filters as readonly string[]).includes(word)
}

const state = $state<{ views: SavedView[] }>({ views: read() })

export function savedViews(): readonly SavedView[] {
  return state.views
}

/** Keeps a view on this device; one of the same name is replaced. */
export function saveView(view: SavedView): void {
  keep([...state.views.filter((other) => other.name !== view.name), view])
}

export function forgetView(name: string): void {
  keep(state.views.filter((view) => view.name !== name))
}

function keep(views: SavedView[]): void {
  state.views = views
  localStorage.setItem(kept, JSON.stringify(views))
}
