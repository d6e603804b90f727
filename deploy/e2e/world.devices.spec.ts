import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow, tooSmall } from './boxes'
import { Counter } from './counter'
import { Shop, type Slip } from './shop'
import { startSim } from './sim'
import { startWorld, type World } from './world'

/** Device is one more device of the shop. */
class Device {
  private constructor(
    readonly process: ChildProcess,
    readonly addr: string,
    readonly control: string,
  ) {}

  /** Switches a printer on, at an address it had before or a new one. */
  static printer(listen = '127.0.0.1:0', control = '127.0.0.1:0'): Promise<Device> {
    return Device.start('printer', '--listen', listen, '--control', control)
  }

  /** Switches a scanner on; its line is a pty. */
  static scanner(): Promise<Device> {
    return Device.start('scanner', '--pty', '--control', '127.0.0.1:0')
  }

  private static async start(...device: string[]): Promise<Device> {
    const { process, addr, control } = await startSim(...device)
    return new Device(process, addr.replace('tcp://', ''), control)
  }

  /** Pulls the plug. */
  async stop(): Promise<void> {
    const gone = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await gone
  }

  async fault(name: string, on: boolean): Promise<void> {
    const answer = await fetch(`${this.control}/fault?name=${name}&on=${String(on)}`, {
      method: 'POST',
    })
    expect(answer.ok, name).toBe(true)
  }

  async slips(): Promise<Slip[]> {
    const answer = await fetch(`${this.control}/state`)
    return ((await answer.json()) as { slips: Slip[] }).slips
  }
}

let world: World
let shop: Shop
let counter: Counter
let printer: Device

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000)
  printer = await Device.printer()
  world = await startWorld()
  shop = await Shop.enter(world.addresses)
  const context = await browser.newContext({
    baseURL: world.addresses.box,
    storageState: await shop.box.storageState(),
    viewport: { width: 1024, height: 600 },
    hasTouch: true,
  })
  counter = new Counter(await context.newPage())
  await counter.open()
})
test.afterAll(async () => {
  await counter.page.context().close()
  await shop.box.dispose()
  await world.stop()
  await printer.stop()
})

/** The row of a device in the list. */
function device(page: Page, name: string): Locator {
  return page.getByRole('list', { name: '장치', exact: true }).getByRole('button', { name })
}

async function expectFits(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await overflow(page), name).toEqual({ x: 0, y: 0 })
    expect(await tooSmall(page), name).toEqual([])
    await expectAccessible(page, `${name} ${colorScheme}`)
  }
}

test('a printer at an address is tried before it is added, and prints nothing meanwhile', async () => {
  const { page } = counter
  await counter.visit('장치')
  const found = page.getByRole('region', { name: '찾은 장치' })
  await found.getByLabel('네트워크 장치 주소').fill(printer.addr)
  await found.getByRole('button', { name: '물어보기' }).click()
  const row = found.getByRole('listitem').filter({ hasText: printer.addr })
  // What might be an office printer is asked nothing: it would print it.
  await expect(row).toContainText('무엇인지 몰라요. 찾아보기를 누르거나 기종을 골라 주세요.')
  await row.getByLabel('기종').selectOption({ label: '영수증 프린터 (ESC/POS)' })
  await expectFits(page, 'found')
  const before = (await printer.slips()).length

  await printer.fault('paper_out', true)
  await row.getByRole('button', { name: '시험', exact: true }).click()
  await expect(row.getByRole('status')).toHaveText(
    '프린터에 종이가 없어요. 종이를 넣으면 이어서 인쇄해요.',
  )
  await printer.fault('paper_out', false)
  await row.getByRole('button', { name: '시험', exact: true }).click()
  await expect(row.getByRole('status')).toHaveText('장치가 대답했어요.')
  expect((await printer.slips()).length, 'a look prints nothing').toBe(before)

  await row.getByRole('button', { name: /추가$/ }).click()
  await expect(row).toHaveCount(0)
  await expect(
    page.getByRole('list', { name: '장치', exact: true }).getByRole('button'),
  ).toHaveCount(4)
  await device(page, printer.addr).click()
  await counter.button('시험 인쇄').click()
  await expect
    .poll(async () => (await printer.slips()).some((slip) => slip.text.includes('한빛마트')))
    .toBe(true)
})

test('a scanner that is plugged in is known by its maker, added, and back when it was out', async () => {
  const { page } = counter
  const scanner = await Device.scanner()
  const usb = async (act: string) => {
    const answer = await shop.box.post(`${world.addresses.control}/${act}`)
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  const plug = `plug?what=1-1&line=${encodeURIComponent(scanner.addr)}`
  await usb(plug)
  await counter.visit('판매')
  await counter.visit('장치')
  const row = page
    .getByRole('region', { name: '찾은 장치' })
    .getByRole('listitem')
    .filter({ hasText: 'Honeywell' })
  await expect(row).toContainText('바코드 스캐너 (시리얼) 같아요.')
  await row.getByRole('button', { name: '시험', exact: true }).click()
  await expect(row.getByRole('status')).toHaveText('연결됐어요. 추가한 뒤 바코드를 읽어 보세요.')
  await row.getByRole('button', { name: /추가$/ }).click()
  await expect(device(page, 'Honeywell')).toContainText('잘 되고 있어요.')

  await scanner.fault('unplugged', true)
  await usb('pull?what=1-1')
  await expect(device(page, 'Honeywell')).toContainText(
    '스캐너가 대답하지 않아요. 선을 확인해 주세요.',
  )
  await scanner.fault('unplugged', false)
  await usb(plug)
  await expect(device(page, 'Honeywell')).toContainText('잘 되고 있어요.')
  await device(page, 'Honeywell').click()
  await counter.button('빼기').click()
  await counter.button('이 장치와 설정을 지우기').click()
  await expect(device(page, 'Honeywell')).toHaveCount(0)
  await scanner.stop()
})

test('a printer becomes the kitchen’s, and a category’s orders come out there', async () => {
  const { page } = counter
  await counter.visit('장치')
  await device(page, printer.addr).click()
  const duty = page.getByRole('region', { name: '이 프린터가 하는 일' })
  await duty.getByRole('button', { name: '주방 주문서' }).click()
  await expect(duty.getByRole('button', { name: '주방 주문서' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await duty.getByLabel('대신 뽑을 프린터').selectOption({ label: '영수증 프린터 (시뮬레이터)' })
  await expectFits(page, 'duty')

  await counter.visit('상품')
  await counter.button('분류').click()
  const kitchen = page.getByLabel('음료 주문서 프린터')
  await kitchen.selectOption({ label: printer.addr })
  await expect(kitchen.locator('option:checked')).toHaveText(printer.addr)

  const before = (await printer.slips()).length
  await counter.visit('판매')
  await counter.pick('음료', '아메리카노')
  await counter.pick('식품', '두부 300g')
  await counter.exactCash().click()
  await expect(counter.done).toContainText('결제됐어요')
  await expect.poll(async () => (await printer.slips()).slice(before).length).toBeGreaterThan(0)
  const order = (await printer.slips())
    .slice(before)
    .map((slip) => slip.text)
    .join('\n')
  expect(order).toContain('아메리카노')
  expect(order).not.toContain('두부')
})

test('a drawer’s sensor is taught by closing and opening it once', async () => {
  const { page } = counter
  await counter.visit('장치')
  await device(page, '영수증 프린터 (시뮬레이터)').click()
  const duty = page.getByRole('region', { name: '이 프린터가 하는 일' })
  // Without a sensor both readings are the same, and it is said.
  await duty.getByRole('button', { name: '돈통 감지 가르치기' }).click()
  await expect(duty.getByRole('status')).toHaveText('돈통을 닫고 눌러 주세요.')
  await duty.getByRole('button', { name: '닫았어요' }).click()
  await expect(duty.getByRole('status')).toHaveText('이제 열쇠로 돈통을 열고 눌러 주세요.')
  await expectFits(page, 'teaching')
  await duty.getByRole('button', { name: '열었어요' }).click()
  await expect(duty.getByRole('status')).toContainText('신호가 그대로예요.')

  await duty.getByRole('button', { name: '돈통 감지 가르치기' }).click()
  await duty.getByRole('button', { name: '닫았어요' }).click()
  await shop.fault('printer', 'drawer_open', true)
  await duty.getByRole('button', { name: '열었어요' }).click()
  await expect(duty.getByRole('status')).toHaveText('판매 없이 돈통이 열리면 알려 드려요.')
  await shop.fault('printer', 'drawer_open', false)
  await page.reload()
  await expect(duty.getByRole('status')).toHaveText('판매 없이 돈통이 열리면 알려 드려요.')
  await duty.getByRole('button', { name: '감지 끄기' }).click()
  await expect(duty.getByRole('button', { name: '감지 끄기' })).toHaveCount(0)
})

test('a device without power says what to do, with a drawing, and is well again by itself', async () => {
  const { page } = counter
  await counter.visit('장치')
  await device(page, printer.addr).click()
  const edit = page.getByRole('region', { name: '장치 내용' })
  const how = edit.getByRole('status').first()
  const [listen, control] = [printer.addr, printer.control.replace('http://', '')]
  await printer.stop()
  const sentence = '프린터가 대답하지 않아요. 전원과 선을 확인해 주세요.'
  await expect(how).toContainText(sentence)
  await expect(edit.locator('svg[viewBox="0 0 96 72"]')).toBeVisible()
  await expect(device(page, printer.addr)).toContainText(sentence)
  await expectFits(page, 'without power')
  printer = await Device.printer(listen, control)
  await expect(how).toContainText('잘 되고 있어요.')
  await expect(edit.locator('svg[viewBox="0 0 96 72"]')).toHaveCount(0)
  await expect(edit.getByRole('listitem').filter({ hasText: sentence }).first()).toBeVisible()
})
