import type { DeviceView, DriverView } from '../api/types.gen'
import type { IconName } from '../kit/icons'
import { hasWords, say } from '../locale/index.svelte'

/** The icon of a kind of device. */
export function iconOf(kind: DeviceView['kind']): IconName {
  return kind === 'terminal' ? 'card' : kind
}

/** A driver's name where no sentence stands round it. */
export function driverTitle(name: string, drivers: DriverView[]): string {
  const words = driverName(name, drivers)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A driver in words; one this screen has no words for says its own name. */
export function driverName(name: string, drivers: DriverView[]): string {
  const code = `driver.${name}`
  if (hasWords(code)) return say(code)
  return drivers.find((driver) => driver.name === name)?.title ?? name
}
