import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow, tooSmall } from './boxes'
import { inWorld } from './inworld'
import type { Shop } from './shop'
import { adopt, startTerminal } from './terminal'

/** The panel fits, can be touched and read at both sizes in both themes. */
async function expectFits(page: Page, name: string): Promise<void> {
  for (const size of [
    { width: 1024, height: 600 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await overflow(page), name).toEqual({ x: 0, y: 0 })
      expect(await tooSmall(page), name).toEqual([])
      const picture = `${name} ${size.width} ${colorScheme}.png`
      await page.screenshot({ path: test.info().outputPath(picture) })
    }
  }
  await expectAccessible(page, name)
}

test('a cash receipt is issued, goes back with its cash, and cards pay in months', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const terminal = await startTerminal()
  await inWorld(browser, async (counter, shop) => {
    const { page } = counter
    await counter.open()
    await counter.pick('음료', '아메리카노')
    await counter.exactCash().click()
    await expect(counter.done).toBeVisible()
    const panel = counter.panel('현금영수증')
    await counter.button('현금영수증').click()
    await expect(panel).toContainText('현금영수증을 발급하지 못해요')
    await expectFits(page, 'cannot')

    await adopt(shop, terminal)
    await expect(panel.getByRole('button', { name: '발급하기' })).toBeDisabled()
    await counter.type('01012345678')
    await expect(panel).toContainText('010-1234-5678')
    await expectFits(page, 'issue')
    await panel.getByRole('button', { name: '발급하기' }).click()
    await expect(counter.done).toContainText('현금영수증을 발급했어요')
    await expect(counter.done).toContainText('010-****-5678')
    await expectFits(page, 'done')
    await counter.button('현금영수증').click()
    await expect(panel).toContainText('승인번호')
    await expectFits(page, 'issued')
    await panel.getByRole('button', { name: '닫기' }).click()
    await expect(async () => {
      const text = String(await shop.paper('txt'))
      expect(text).toContain('현금영수증 (소득공제)')
      expect(text).not.toContain('1234-5678')
    }).toPass()

    const number = (await shop.state()).finished?.number ?? ''
    const lines = await lineOf(shop, number)
    await shop.ask('POST', `/api/sales/${number}/refund`, {
      key: 'refund-of-the-test',
      lines,
      tender: 'cash',
      reason: '변심',
    })
    await expect.poll(async () => (await saleOf(shop, number)).cash.receipt ?? 'none').toBe('none')

    await page.setViewportSize({ width: 1024, height: 600 })
    for (let cake = 0; cake < 20; cake++) await shop.ask('POST', '/api/cart/lines', free)
    await expect(counter.due).toHaveText('100,000원')
    await counter.button('다른 결제').click()
    await counter.button(/할부/).click()
    await expectFits(page, 'instalments')
    await counter.button('3개월').click()
    await counter.button('카드 3개월').click()
    await expect(counter.done).toContainText('3개월')
    await expectFits(page, 'paid in months')
  })
  terminal.process.stdin?.end()
})

const free = { name: '케이크', unit: 5_000, vat: 'taxable' }

interface SaleView {
  lines: { id: string; quantity: number }[]
  cash: { receipt?: object }
}

async function saleOf(shop: Shop, number: string): Promise<SaleView> {
  return (await (await shop.box.get(`/api/sales/${number}`)).json()) as SaleView
}

async function lineOf(shop: Shop, number: string): Promise<object[]> {
  const sale = await saleOf(shop, number)
  return sale.lines.map((line) => ({ line: line.id, quantity: line.quantity }))
}
