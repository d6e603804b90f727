export type Theme = 'system' | 'light' | 'dark'

const kept = 'shopbox.theme'
const asked = localStorage.getItem(kept)
const state = $state<{ now: Theme }>({
  now: asked === 'light' || asked === 'dark' ? asked : 'system',
})
apply()

/** How bright the screen was asked to be. */
export function theme(): Theme {
  return state.now
}

/** Changes the brightness and remembers it on this device. */
export function shine(next: Theme): void {
  state.now = next
  localStorage.setItem(kept, next)
  apply()
}

function apply(): void {
  if (state.now === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.dataset.theme = state.now
}
