import type { DeviceView } from '../api/types.gen'
import type { IconName } from '../kit/icons'

/** The icon of a kind of device. */
export function iconOf(kind: DeviceView['kind']): IconName {
  return kind === 'terminal' ? 'card' : kind
}
