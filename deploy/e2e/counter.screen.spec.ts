import type { Browser, Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow } from './boxes'
import { expect, test, type Counter } from './counter'
import type { Shop } from './shop'

const sizes = [
  { width: 800, height: 480 },
  { width: 1024, height: 600 },
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
]

/** A browser of its own that faces the customer, and is not a screen yet. */
async function openScreen(browser: Browser, shop: Shop): Promise<Page> {
  const context = await browser.newContext({
    baseURL: shop.addresses.box,
    storageState: { cookies: [], origins: [] },
  })
  const page = await context.newPage()
  await page.goto('/screen')
  return page
}

/** Types the number a screen shows at the counter. */
async function pair(counter: Counter, screen: Page): Promise<void> {
  const code = await screen.getByLabel('연결 번호').innerText()
  expect(code).toMatch(/^\d{3} \d{3}$/)
  await counter.visit('장치')
  await counter.page.getByLabel('손님 화면에 나온 번호').fill(code)
  await counter.button('연결하기').click()
  await expect(screen.getByText('어서 오세요.')).toBeVisible()
}

async function unpair(shop: Shop): Promise<void> {
  const screens = (await (await shop.box.get('/api/screens')).json()) as { id: string }[]
  for (const { id } of screens) await shop.ask('DELETE', `/api/screens/${id}`)
}

/** The screen is whole and readable on every size, in both themes. */
async function expectFits(screen: Page, name: string, among = sizes): Promise<void> {
  for (const size of among) {
    await screen.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await screen.emulateMedia({ colorScheme })
      expect(await overflow(screen), `${name} ${size.width}`).toEqual({ x: 0, y: 0 })
      await expectAccessible(screen, `${name} ${size.width} ${colorScheme}`)
      const picture = `${name} ${size.width} ${colorScheme}.png`
      await screen.screenshot({ path: test.info().outputPath(picture) })
    }
  }
}

test.afterEach(async ({ shop }) => unpair(shop))

test('the customer’s screen follows a sale: goods, total, change, and nobody’s any more', async ({
  counter,
  shop,
  browser,
}) => {
  const screen = await openScreen(browser, shop)
  await pair(counter, screen)
  const goods = screen.getByRole('list', { name: '고르신 상품' })
  const due = screen.getByRole('group', { name: '내실 금액' })
  await counter.visit('판매')
  await counter.pick('음료', '아메리카노', '아메리카노')
  await counter.pick('식품', '두부 300g')
  await expect(goods.getByRole('listitem')).toHaveCount(2)
  await expect(goods.getByRole('listitem').first()).toContainText('아메리카노')
  await expect(goods.getByRole('listitem').first()).toContainText('6,000원')
  await expect(due).toContainText('7,900원')

  await shop.ask('PUT', '/api/cart/discount', { permille: 100, amount: 0 })
  await expect(due).toContainText('7,110원')
  await expect(screen.getByRole('main')).toContainText('-790원')

  await counter.button('다른 결제').click()
  await counter.type('10000')
  await counter.button('현금 받기').click()
  await expect(screen.getByText('결제가 끝났어요.')).toBeVisible()
  await expect(screen.getByText('2,890원')).toBeVisible()
  await expect(screen.getByRole('main')).toContainText('10,000원')

  await counter.thenTouch('새 판매')
  await expect(screen.getByText('어서 오세요.')).toBeVisible()
  await screen.context().close()
})

test('the customer’s screen says what to do with the card, and nothing of why it failed', async ({
  counter,
  shop,
  browser,
}) => {
  const screen = await openScreen(browser, shop)
  await pair(counter, screen)
  await counter.visit('판매')
  await counter.pick('음료', '아메리카노')
  await shop.fault('terminal', 'no_card', true)
  await counter.card().click()
  await expect(screen.getByRole('status')).toHaveText('카드를 꽂거나 대 주세요.')
  await counter.button('결제 취소').click()
  await expect(screen.getByRole('status')).toHaveText(
    '결제되지 않았어요. 다른 카드나 현금으로 내실 수 있어요.',
  )
  await expect(screen.getByRole('group', { name: '내실 금액' })).toContainText('3,000원')
  await shop.fault('terminal', 'no_card', false)
  await counter.button('카트로').click()
  await counter.card().click()
  await expect(screen.getByText('결제가 끝났어요.')).toBeVisible()
  await screen.context().close()
})

test('a customer’s screen stays one when box and browser start again, until it is removed', async ({
  counter,
  shop,
  browser,
}) => {
  const screen = await openScreen(browser, shop)
  await pair(counter, screen)
  await shop.kill('box')
  await expect(screen.getByText('잠시만 기다려 주세요.')).toBeVisible()
  await shop.start('box')
  await expect(screen.getByText('어서 오세요.')).toBeVisible()

  const kept = await screen.context().storageState()
  await screen.context().close()
  const context = await browser.newContext({ baseURL: shop.addresses.box, storageState: kept })
  const again = await context.newPage()
  await again.goto('/screen')
  await expect(again.getByText('어서 오세요.')).toBeVisible()
  // It is a customer's and nothing else: its browser knows nobody at the box.
  const state = (await (await context.request.get('/api/state')).json()) as { cart: { id: string } }
  expect(state.cart.id).toBe('')
  expect((await context.request.get('/api/sales')).status()).toBe(401)

  await counter.visit('장치')
  await counter.button('손님 화면 빼기').click()
  await expect(again.getByLabel('연결 번호')).toBeVisible()
  await context.close()
})

test('a tablet is made the customer’s screen from its own device page', async ({
  counter,
  shop,
  browser,
}) => {
  // A sign-in of its own, since it ends here.
  const people = (await (await shop.box.get('/api/people')).json()) as { id: string }[]
  const context = await browser.newContext({
    baseURL: shop.addresses.box,
    storageState: { cookies: [], origins: [] },
  })
  const signedIn = await context.request.post('/api/session', {
    data: { staff: people[0]?.id, pin: '2580' },
    headers: { 'X-Shopbox': '1' },
  })
  expect(signedIn.ok()).toBe(true)
  const tablet = await context.newPage()
  await tablet.goto('/#/devices')
  await tablet.getByRole('button', { name: '이 기기를 손님 화면으로' }).click()
  await expect(tablet.getByText('어서 오세요.')).toBeVisible()
  expect((await context.request.get('/api/session')).status()).toBe(401)
  await tablet.goto('/')
  await expect(tablet).toHaveURL(/\/screen$/)
  await counter.pick('음료', '아메리카노')
  await expect(tablet.getByRole('group', { name: '내실 금액' })).toContainText('3,000원')
  await context.close()
})

test('the customer’s screen fits every monitor and passes axe', async ({
  counter,
  shop,
  browser,
}) => {
  test.setTimeout(600_000)
  const screen = await openScreen(browser, shop)
  await expect(screen.getByLabel('연결 번호')).toBeVisible()
  await expectFits(screen, 'pairing')
  await pair(counter, screen)
  await expectFits(screen, 'idle')
  for (let line = 1; line <= 12; line++) {
    const name = `이름이 아주 길어서 두 줄이 넘는 상품 아주 길고 긴 이름의 선물 세트 ${line}호 (대)`
    await shop.ask('POST', '/api/cart/lines', { name, unit: 9_876_543 * line, vat: 'taxable' })
  }
  await shop.ask('PUT', '/api/cart/discount', { permille: 100, amount: 0 })
  await expect(screen.getByRole('listitem')).toHaveCount(12)
  await expectFits(screen, 'bill')
  await expect(screen.getByRole('listitem').last()).toBeInViewport()
  await shop.fault('terminal', 'no_card', true)
  await counter.visit('판매')
  // A terminal waits a minute for a card, so every size is one payment.
  for (const size of sizes) {
    await counter.card().click()
    await expect(screen.getByRole('status')).toHaveText('카드를 꽂거나 대 주세요.')
    await expectFits(screen, 'card', [size])
    await counter.button('결제 취소').click()
    await counter.button('카트로').click()
  }
  await screen.getByRole('button', { name: 'English' }).click()
  await expect(screen.getByRole('status')).toHaveText(/Nothing was charged/)
  await expectFits(screen, 'failed in English')
  await screen.getByRole('button', { name: '한국어' }).click()
  await counter.exactCash().click()
  await expect(screen.getByText('결제가 끝났어요.')).toBeVisible()
  await expectFits(screen, 'done', sizes.slice(0, 2))
  await shop.ask('POST', '/api/done')
  await screen.context().close()
})
