import { expect, request, type APIRequestContext } from '@playwright/test'
import type { Addresses } from './world'

/** The people of the rig's shop, as deploy/rig sets it up. */
export const owner = { name: '김사장', pin: '2580', login: 'owner@example.com' }
export const ownerPassword = 'shopbox-demo-2026'
export const cashier = { name: '이알바', pin: '1379' }

type Part = 'box' | 'hub' | 'printer' | 'terminal' | 'scanner'
type Sim = keyof Addresses['sims']

export interface Good {
  id: string
  name: string
  price: number
  barcodes: string[]
  stock: number
}

export interface Sale {
  number: string
  total: number
  refund: boolean
  sent: boolean
}

export interface Slip {
  number: number
  cut: boolean
  pulses: number
  unknown?: string[]
  text: string
}

/** The parts of the box's snapshot that tests look at. */
export interface State {
  cart: {
    id: string
    version: number
    total: number
    due: number
    lines: { name: string; quantity: number; amount: number }[]
    tenders: { kind: string; amount: number }[]
  }
  parked: { id: string; name: string }[]
  payment?: { attempt: string; state: string; can_cancel: boolean }
  finished?: { number: string; total: number; change: number; print: string }
  devices: { id: string; kind: string; state: string; code?: string }[]
  hub: { state: string; unsent: number }
  options: Record<string, unknown>
}

/**
 * Shop is the shop as a second pair of hands: it holds the devices, pulls the
 * plugs, and looks into the box and the hub through their real APIs.
 */
export class Shop {
  #off = new Set<Part>()
  #faults = new Map<string, { sim: Sim; name: string }>()
  readonly #options: Record<string, unknown>

  private constructor(
    readonly addresses: Addresses,
    readonly box: APIRequestContext,
    readonly goods: ReadonlyMap<string, Good>,
    options: Record<string, unknown>,
  ) {
    this.#options = options
  }

  /** Enters the shop of a world as its owner. */
  static async enter(addresses: Addresses): Promise<Shop> {
    const box = await visit(addresses, owner)
    const page = (await (await box.get('/api/products?limit=500')).json()) as { items: Good[] }
    const state = (await (await box.get('/api/state')).json()) as State
    const goods = new Map(page.items.map((good) => [good.name, good]))
    return new Shop(addresses, box, goods, state.options)
  }

  good(name: string): Good {
    const good = this.goods.get(name)
    if (!good) throw new Error(`the shop has no ${name}`)
    return good
  }

  barcode(name: string): string {
    return this.good(name).barcodes[0] ?? ''
  }

  async state(): Promise<State> {
    return (await (await this.box.get('/api/state')).json()) as State
  }

  async sales(): Promise<{ items: Sale[]; total: number }> {
    const answer = await this.box.get('/api/sales?limit=200')
    return (await answer.json()) as { items: Sale[]; total: number }
  }

  /** Asks the box for something that must go well. */
  async ask(method: 'POST' | 'PUT' | 'DELETE', path: string, data?: unknown): Promise<void> {
    const answer = await this.box.fetch(path, { method, data })
    if (!answer.ok())
      throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  }

  /** Lets the serial scanner read a code. */
  async scan(code: string): Promise<void> {
    await this.#post(`${this.addresses.sims.scanner}/scan?code=${encodeURIComponent(code)}`)
  }

  /** Lets the serial scanner send bytes as they are. */
  async sendRaw(bytes: Buffer): Promise<void> {
    await this.#post(`${this.addresses.sims.scanner}/raw`, bytes)
  }

  /** Switches a fault of a device on or off. */
  async fault(sim: Sim, name: string, on: boolean): Promise<void> {
    if (on) this.#faults.set(`${sim} ${name}`, { sim, name })
    else this.#faults.delete(`${sim} ${name}`)
    await this.#post(`${this.addresses.sims[sim]}/fault?name=${name}&on=${String(on)}`)
  }

  /** What came out of the printer so far. */
  async slips(): Promise<Slip[]> {
    const answer = await this.box.get(`${this.addresses.sims.printer}/state`)
    return ((await answer.json()) as { slips: Slip[] }).slips
  }

  /** A slip as text, as bytes or as a picture; the last one by default. */
  async paper(form: 'txt' | 'bin' | 'png', number?: number): Promise<Buffer> {
    const which = number === undefined ? '' : `?n=${number}`
    const answer = await this.box.get(`${this.addresses.sims.printer}/paper.${form}${which}`)
    expect(answer.ok(), `paper.${form}`).toBe(true)
    return await answer.body()
  }

  /** The payments the card terminal remembers. */
  async transactions(): Promise<unknown[]> {
    const answer = await this.box.get(`${this.addresses.sims.terminal}/state`)
    return ((await answer.json()) as { transactions: unknown[] }).transactions
  }

  /** Ends a program as a power cut would. */
  async kill(part: Part): Promise<void> {
    this.#off.add(part)
    await this.#post(`${this.addresses.control}/kill?what=${part}`)
  }

  /** Starts a program again where it was. */
  async start(part: Part): Promise<void> {
    this.#off.delete(part)
    await this.#post(`${this.addresses.control}/start?what=${part}`)
  }

  /** Mends what was broken here. */
  async mend(): Promise<void> {
    for (const { sim, name } of [...this.#faults.values()]) await this.fault(sim, name, false)
    for (const part of [...this.#off]) await this.start(part)
  }

  /** Makes the shop as it was in the morning, whatever a test left behind. */
  async tidy(): Promise<void> {
    await this.mend()
    await expect
      .poll(async () => (await this.state()).devices.map((device) => device.state), {
        message: 'all devices are well',
        timeout: 60_000,
      })
      .toEqual(['ok', 'ok', 'ok'])
    await this.#endPayment()
    await this.#empty()
    await this.ask('PUT', '/api/options', this.#options)
  }

  async #endPayment(): Promise<void> {
    const { payment } = await this.state()
    if (!payment) return
    const path = `/api/payments/${payment.attempt}`
    if (payment.state === 'waiting') await this.box.post(`${path}/cancel`)
    await expect
      .poll(async () => (await this.state()).payment?.state ?? 'gone', { timeout: 60_000 })
      .not.toMatch(/waiting|asking/)
    if ((await this.state()).payment?.state === 'unknown') {
      await this.ask('POST', `${path}/settle`, { outcome: 'not_charged', reason: 'tidying up' })
    }
  }

  async #empty(): Promise<void> {
    for (let state = await this.state(); ; state = await this.state()) {
      if (state.cart.tenders.length === 0) break
      await this.ask('POST', '/api/cart/tenders/0/give-back')
      await this.#endPayment()
    }
    await this.ask('DELETE', '/api/cart')
    for (const cart of (await this.state()).parked)
      await this.ask('DELETE', `/api/parked/${cart.id}`)
    await this.ask('POST', '/api/done')
  }

  async #post(url: string, data?: Buffer): Promise<void> {
    const answer = await this.box.post(url, { data, timeout: 60_000 })
    if (!answer.ok()) throw new Error(`${url}: ${answer.status()} ${await answer.text()}`)
  }
}

/** A screen's connection to the box, with somebody signed in. */
export async function visit(
  addresses: Addresses,
  who: { name: string; pin: string },
): Promise<APIRequestContext> {
  const box = await request.newContext({
    baseURL: addresses.box,
    extraHTTPHeaders: { 'X-Shopbox': '1' },
  })
  const people = (await (await box.get('/api/people')).json()) as { id: string; name: string }[]
  const staff = people.find((person) => person.name === who.name)?.id
  const answer = await box.post('/api/session', { data: { staff, pin: who.pin } })
  expect(answer.ok(), `${who.name} signs in`).toBe(true)
  return box
}
