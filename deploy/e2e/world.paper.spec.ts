import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow, tooSmall } from './boxes'
import { Counter } from './counter'
import { Shop } from './shop'
import { startWorld } from './world'

const sizes = [
  { width: 1024, height: 600 },
  { width: 360, height: 740 },
]

/** The page fits and can be touched and read, on both screens in both themes. */
async function expectFits(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await overflow(page), `${name} at ${size.width}`).toEqual({ x: 0, y: 0 })
      expect(await tooSmall(page), `${name} at ${size.width}`).toEqual([])
      const picture = `${name} ${size.width} ${colorScheme}.png`
      await page.screenshot({ path: test.info().outputPath(picture) })
      await expectAccessible(page, name)
    }
  }
  await page.setViewportSize({ width: 1024, height: 600 })
}

/** A sign as a shop might have one, drawn by the browser. */
async function sign(page: Page): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 900
    canvas.height = 300
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('nothing to draw with')
    const shade = pen.createRadialGradient(150, 150, 10, 150, 150, 130)
    shade.addColorStop(0, '#ddd')
    shade.addColorStop(1, '#222')
    pen.fillStyle = shade
    pen.beginPath()
    pen.arc(150, 150, 130, 0, 7)
    pen.fill()
    pen.fillStyle = '#000'
    pen.font = 'bold 150px sans-serif'
    pen.fillText('달빛 상회', 310, 205, 560)
    return canvas.toDataURL('image/png')
  })
  return Buffer.from(url.split(',')[1] ?? '', 'base64')
}

test('the shop puts its logo on receipts and takes it off again', async ({ browser }) => {
  test.setTimeout(300_000)
  const world = await startWorld()
  const shop = await Shop.enter(world.addresses)
  const context = await browser.newContext({
    baseURL: world.addresses.box,
    storageState: await shop.box.storageState(),
    viewport: { width: 1024, height: 600 },
    hasTouch: true,
  })
  try {
    const counter = new Counter(await context.newPage())
    const { page } = counter
    await page.goto('/#/settings/shop')
    const logo = page.getByRole('region', { name: '영수증 로고' })
    const file = logo.getByLabel('로고 파일')
    await expect(logo.getByRole('button', { name: '그림 고르기' })).toBeEnabled()
    await expectFits(page, 'no logo')
    await file.setInputFiles({
      name: 'logo.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF'),
    })
    await expect(counter.says).toContainText('그림을 열 수 없어요')

    await file.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: await sign(page) })
    const paper = logo.getByRole('img', { name: '종이에는 이렇게 나와요.' })
    await expect(paper).toBeVisible()
    await expect
      .poll(() => paper.evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(500)
    await paper.scrollIntoViewIfNeeded()
    await expectFits(page, 'logo')
    await shop.ask('PUT', '/api/options', { ...(await shop.state()).options, language: 'en' })
    await expect(page.getByRole('region', { name: 'Receipt logo' })).toBeVisible()
    await expectFits(page, 'logo in English')
    await shop.ask('PUT', '/api/options', { ...(await shop.state()).options, language: 'ko' })

    await counter.open()
    await sell(counter)
    const first = await receipt(shop)
    expect(first).toMatch(/^ *\[picture \(4\d\d,1\d\d\)\]\n/)
    const picture = await shop.paper('png')
    await test.info().attach('receipt with logo', { body: picture, contentType: 'image/png' })

    await page.goto('/#/settings/shop')
    await logo.getByRole('button', { name: '로고 빼기' }).click()
    await logo.getByRole('button', { name: '영수증에서 로고 지우기' }).click()
    await expect(paper).toBeHidden()
    await counter.open()
    await sell(counter)
    expect(await receipt(shop)).not.toContain('[picture')
  } finally {
    await context.close()
    await shop.box.dispose()
    await world.stop()
  }
})

async function sell(counter: Counter): Promise<void> {
  await counter.pick('음료', '아메리카노')
  await counter.exactCash().click()
  await expect(counter.done).toBeVisible()
  await counter.thenTouch('새 판매')
}

/** The receipt of the last sale, as a person reads it. */
async function receipt(shop: Shop): Promise<string> {
  const number = (await shop.sales()).items[0]?.number ?? 'none'
  const found = async () =>
    (await shop.slips()).find((slip) => slip.cut && slip.text.includes(number))
  await expect.poll(async () => (await found()) !== undefined, { timeout: 20_000 }).toBe(true)
  return (await found())?.text ?? ''
}
