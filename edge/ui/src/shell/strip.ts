import type { BoxView, DeviceView, HubView, PaymentView } from '../api/types.gen'
import type { IconName } from '../kit/icons'
import { digits } from '../kit/format'
import { say, t, type Key } from '../locale/index.svelte'
import type { Page } from './route.svelte'

/** One thing at the top that is well, or says what is wrong with it. */
export interface StripItem {
  id: string
  icon: IconName
  level: 'ok' | 'warn' | 'stop'
  text: string
  /** A word for it, when a graver sentence needs the room. */
  short: string
  /** Where a touch leads. */
  to: Page
  subject?: string
}

interface Kind {
  kind: DeviceView['kind']
  icon: IconName
  name: Key
  /** What is said when there is none; a shop may well do without the others. */
  none?: Key
}

const kinds: Kind[] = [
  { kind: 'printer', icon: 'printer', name: 'device.printer', none: 'device.noPrinter' },
  { kind: 'terminal', icon: 'card', name: 'device.terminal', none: 'device.noTerminal' },
  { kind: 'scanner', icon: 'scanner', name: 'device.scanner', none: 'device.noScanner' },
  { kind: 'scale', icon: 'scale', name: 'device.scale' },
  { kind: 'display', icon: 'display', name: 'device.display' },
]

/** A card payment nobody knows the outcome of, wherever its cart is now. */
export function paymentItems(payment: PaymentView | undefined): StripItem[] {
  if (payment?.state !== 'unknown' && payment?.state !== 'asking') return []
  const text = t('strip.payment', { amount: digits(payment.amount) })
  return [{ id: 'payment', icon: 'card', level: 'stop', text, short: text, to: 'counter' }]
}

/** The shop's devices; a kind every shop has says when there is none. */
export function deviceItems(devices: DeviceView[]): StripItem[] {
  return kinds.flatMap(({ kind, icon, name, none }): StripItem[] => {
    const own = devices.filter((device) => device.kind === kind)
    if (own.length === 0) {
      if (none === undefined) return []
      return [{ id: kind, icon, level: 'ok', text: t(none), short: t(none), to: 'devices' }]
    }
    return own.map((device) => {
      const short = own.length > 1 ? device.name : t(name)
      const lost = device.lost_orders ?? 0
      const text = device.state !== 'ok' ? deviceSays(device) : lost > 0 ? lostOrders(lost) : short
      return {
        id: device.id,
        icon,
        level: device.state === 'ok' && lost > 0 ? 'warn' : device.state,
        text,
        short,
        to: 'devices',
        subject: device.id,
      }
    })
  })
}

/** Orders that may not be on paper: nobody prepares them until someone looks. */
function lostOrders(count: number): string {
  return t('strip.lostOrders', { count: digits(count) })
}

/** What a device has to say, by its kind where that matters. */
export function deviceSays(device: Pick<DeviceView, 'kind' | 'code' | 'name'>): string {
  const code = device.code || 'offline'
  const own = code === 'offline' || code === 'busy' || code === 'protocol' || code === 'settings'
  return say(own ? `${code}.${device.kind}` : code, { name: device.name })
}

/** The line to the hub, what it has not got yet, and the box itself. */
export function hubItems(hub: HubView, box: BoxView): StripItem[] {
  const items: StripItem[] = []
  if (box.disk_full) {
    const [text, short] = [say('disk_full'), t('strip.disk')]
    items.push({ id: 'disk', icon: 'box', level: 'stop', text, short, to: 'settings' })
  }
  if (box.clock_doubt) {
    const [text, short] = [say('clock_doubt'), t('strip.clock')]
    items.push({
      id: 'clock',
      icon: 'clock',
      level: 'warn',
      text,
      short,
      to: 'settings',
      subject: 'time',
    })
  }
  items.push(hubItem(hub))
  if (hub.state !== 'unclaimed' || hub.unsent > 0) {
    const text = t('strip.unsent', { count: digits(hub.unsent) })
    items.push({
      id: 'unsent',
      icon: 'send',
      level: 'ok',
      text,
      short: text,
      to: 'settings',
      subject: 'hub',
    })
  }
  return items
}

function hubItem(hub: HubView): StripItem {
  const base = {
    id: 'hub',
    icon: 'hub',
    level: 'ok',
    short: t('strip.hub'),
    to: 'settings',
    subject: 'hub',
  } as const
  if (hub.state === 'online') return { ...base, text: t('strip.hub') }
  if (hub.state === 'unclaimed') return { ...base, text: t('strip.unclaimed') }
  return { ...base, icon: 'offline', level: 'warn', text: t('strip.offline') }
}

/** The item with room for its whole sentence: the gravest, the first of them. */
export function gravest(items: StripItem[]): StripItem | undefined {
  return items.find((item) => item.level === 'stop') ?? items.find((item) => item.level === 'warn')
}
