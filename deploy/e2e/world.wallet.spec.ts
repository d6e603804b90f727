import { expect, test } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow, tooSmall } from './boxes'
import { inWorld } from './inworld'
import { adopt, startTerminal } from './terminal'

/** A phone shows a fresh code for each try. */
const phone = (serial: number) => `2810060200000000${serial}`

test('a phone scanned at the counter pays the cart', async ({ browser }) => {
  test.setTimeout(300_000)
  const terminal = await startTerminal()
  const fault = async (name: string) =>
    expect(
      (await fetch(`${terminal.control}/fault?name=${name}&on=true`, { method: 'POST' })).ok,
    ).toBe(true)
  await inWorld(browser, async (counter, shop) => {
    const { page } = counter
    await counter.open()
    await counter.pick('음료', '아메리카노')
    await shop.scan(phone(11))
    await expect(page.getByText('스캐너로 찍은 결제 코드를 받지 못해요')).toBeVisible()
    expect((await shop.state()).payment).toBeUndefined()

    await adopt(shop, terminal)
    await fault('no_card:once')
    await shop.scan(phone(12))
    const panel = counter.panel('간편결제')
    await expect(panel).toContainText('간편결제를 승인받고 있어요')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await overflow(page)).toEqual({ x: 0, y: 0 })
      expect(await tooSmall(page)).toEqual([])
      await page.screenshot({ path: test.info().outputPath(`wallet ${colorScheme}.png`) })
    }
    await expectAccessible(page, 'wallet')
    await panel.getByRole('button', { name: '결제 취소' }).click()
    await expect(panel).toContainText('결제되지 않았어요')
    await panel.getByRole('button', { name: '카트로' }).click()

    await fault('decline:once')
    await shop.scan(phone(13))
    await expect(panel).toContainText('간편결제가 거절됐어요')
    await panel.getByRole('button', { name: '카트로' }).click()

    await shop.scan(phone(14))
    await expect(counter.done).toContainText('시험페이')
    const finished = (await shop.state()).finished
    expect(finished?.total).toBeGreaterThan(0)
    expect(await page.content()).not.toContain('28100602')

    await shop.scan(phone(15))
    await expect(page.getByText('상품을 먼저 담은 다음')).toBeVisible()
  })
  terminal.process.stdin?.end()
})
