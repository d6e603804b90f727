import { expect, test } from '@playwright/test'
import { Counter } from './counter'
import { OwnerPage } from './owner'
import { Shop } from './shop'
import { startWorld } from './world'

test('a full disk: selling goes on from the reserve, and the owner is told', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const world = await startWorld('-disk', '48')
  const shop = await Shop.enter(world.addresses)
  const context = await browser.newContext({
    baseURL: world.addresses.box,
    storageState: await shop.box.storageState(),
  })
  try {
    const counter = new Counter(await context.newPage())
    await counter.open()
    const filled = await shop.box.post(`${world.addresses.control}/fill`)
    expect(filled.ok(), await filled.text()).toBe(true)
    for (let sale = 1; sale <= 3; sale++) {
      await counter.pick('음료', '아메리카노')
      await counter.exactCash().click()
      await expect(counter.done).toContainText('결제됐어요')
      await counter.thenTouch('새 판매')
    }
    const sentence = '상자의 저장 공간이 거의 찼어요. 판매는 되지만 곧 도움을 불러 주세요.'
    await expect(counter.strip).toContainText(sentence, { timeout: 60_000 })
    expect((await shop.sales()).total).toBe(3)
    const owner = await OwnerPage.open(browser, world.addresses)
    await expect(owner.page.getByText('박스의 저장 공간이 거의 찼어요.')).toBeVisible()
    await owner.close()

    const emptied = await shop.box.post(`${world.addresses.control}/empty`)
    expect(emptied.ok()).toBe(true)
    await expect(counter.strip).not.toContainText(sentence, { timeout: 60_000 })
  } finally {
    await context.close()
    await shop.box.dispose()
    await world.stop()
  }
})

test('a clock of 1970: it is said, and receipts still get a believable day', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const world = await startWorld('-clock', '1970-01-01T00:00:00Z')
  const shop = await Shop.enter(world.addresses)
  const context = await browser.newContext({
    baseURL: world.addresses.box,
    storageState: await shop.box.storageState(),
  })
  try {
    const counter = new Counter(await context.newPage())
    await counter.open()
    await expect(counter.strip).toContainText(
      '상자의 시계가 맞지 않아요. 인터넷을 연결하면 맞춰지고, 없으면 점주가 설정에서 맞춰요.',
    )
    await counter.pick('음료', '아메리카노')
    await counter.exactCash().click()
    await expect(counter.done).toContainText('결제됐어요')
    const number = (await shop.state()).finished?.number ?? ''
    expect(number).toMatch(/^202\d{5}-0001$/)
    await counter.thenTouch('영수증')

    // Without a network the owner says what time it is.
    await counter.strip.getByRole('button', { name: /상자의 시계가 맞지 않아요/ }).click()
    await counter.page.getByLabel('날짜').fill('2026-12-24')
    await counter.page.getByLabel('시각').fill('14:05')
    await counter.button('이 시각으로 맞추기').click()
    await expect(counter.strip).not.toContainText('상자의 시계가 맞지 않아요')
    await expect(counter.page.locator('time').last()).toHaveText(/^14:0[5-7]$/)
  } finally {
    await context.close()
    await shop.box.dispose()
    await world.stop()
  }
})
