import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow } from './boxes'
import { OwnerPage } from './owner'
import { Shop } from './shop'
import type { Addresses } from './world'

let shop: Shop
let addresses: Addresses

test.beforeAll(async () => {
  addresses = JSON.parse(process.env.SHOPBOX_RIG ?? '') as Addresses
  shop = await Shop.enter(addresses)
  await shop.tidy()
  await shop.ask('POST', '/api/cart/scan', { code: shop.barcode('아메리카노') })
  await shop.ask('POST', '/api/cart/scan', { code: shop.barcode('두부 300g') })
  const { cart } = await shop.state()
  await shop.ask('POST', '/api/cart/pay', {
    key: crypto.randomUUID(),
    cart: cart.id,
    version: cart.version,
    tender: 'cash',
  })
  await expect.poll(async () => (await shop.state()).hub.unsent).toBe(0)
})
test.afterAll(async () => {
  await shop.mend()
  await shop.box.dispose()
})

async function expectFits(page: Page, screen: string): Promise<void> {
  expect((await overflow(page)).x, `${screen}: no sideways scroll`).toBeLessThanOrEqual(0)
}

for (const theme of ['light', 'dark'] as const) {
  test(`rule 25: the owner's screens fit a phone and pass axe, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(addresses.hub)
    await expect(page.getByRole('heading', { name: '로그인' })).toBeVisible()
    await expectAccessible(page, 'sign-in')
    await expectFits(page, 'sign-in')
    await page.getByRole('button', { name: '처음이신가요? 가게 등록하기' }).click()
    await expectAccessible(page, 'sign-up')
    await expectFits(page, 'sign-up')

    const owner = new OwnerPage(page)
    await page.goto('about:blank')
    await owner.signInAt(addresses.hub)
    await expect(
      page.getByRole('region', { name: '상품별' }).getByRole('listitem').first(),
    ).toBeVisible()
    await expectAccessible(page, 'today')
    await expectFits(page, 'today')

    await owner.visit('판매 내역')
    await expect(page.getByRole('listitem').first()).toBeVisible()
    await expectAccessible(page, 'sales')
    await expectFits(page, 'sales')

    const number = (await shop.sales()).items[0]?.number ?? ''
    await owner.sale(number).click()
    await expect(page.getByText(number).first()).toBeVisible()
    await expectAccessible(page, 'receipt')
    await expectFits(page, 'receipt')

    await owner.visit('매장과 박스')
    await expect(page.getByText('연결됨').first()).toBeVisible()
    await expectAccessible(page, 'boxes')
    await expectFits(page, 'boxes')
  })
}

test('the total of the day is the box’s own, to the won', async ({ page }) => {
  const owner = new OwnerPage(page)
  await owner.signInAt(addresses.hub)
  const report = (await (await shop.box.get('/api/day')).json()) as { total: number }
  const total = report.total.toLocaleString('ko-KR')
  await expect(page.getByText(`${total}원`, { exact: true }).first()).toBeVisible()
})

test('a device that fails at the counter is told on the phone', async ({ page }) => {
  const owner = new OwnerPage(page)
  await owner.signInAt(addresses.hub)
  await shop.fault('printer', 'paper_out', true)
  await expect(
    page.getByText('프린터에 종이가 없어요. 종이를 넣으면 이어서 인쇄해요.'),
  ).toBeVisible()
  await shop.fault('printer', 'paper_out', false)
  await expect(page.getByText('모두 잘 돌아가고 있어요')).toBeVisible()
})
