import { expect, test, type Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { overflow, tooSmall } from './boxes'
import type { Counter } from './counter'
import { inWorld } from './inworld'
import type { Shop } from './shop'
import { startSim, type Sim } from './sim'

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
  test.setTimeout(600_000)
  await inWorld(browser, async (counter, shop) => {
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
  })
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

/** What came out of a simulated label printer. */
interface Labels {
  count: number
  labels: {
    width: number
    height: number
    codes: { system: string; data: string }[]
    drawn: number
    unknown?: string[]
  }[]
}

test('labels of a product come out of the label printer, else on receipt paper', async ({
  browser,
}) => {
  test.setTimeout(600_000)
  const printer = await startSim('zpl', '--listen', '127.0.0.1:0')
  await inWorld(browser, async (counter, shop) => {
    const { page } = counter
    await page.goto('/#/products')
    await page.getByRole('searchbox').fill('오렌지 주스')
    await page.getByRole('button', { name: /오렌지 주스 1L/ }).click()
    await page.getByRole('button', { name: '라벨', exact: true }).click()
    const form = page.getByRole('form', { name: '라벨' })
    const picture = form.getByRole('img', { name: '라벨 미리 보기' })
    await expect(picture).toBeVisible()
    await expect(form).toContainText('영수증 용지에 크기대로')
    await expectFits(page, 'labels on receipt paper')
    const before = (await shop.slips()).length
    await form.getByRole('button', { name: '라벨 1장 인쇄' }).click()
    await expect(counter.says.or(page.getByRole('status')).first()).toBeVisible()
    await expect.poll(async () => (await shop.slips()).length).toBe(before + 1)
    expect((await shop.slips()).at(-1)?.text).toContain('[picture (320,200)]')

    await shop.ask('POST', '/api/devices', {
      driver: 'zpl',
      name: '라벨 프린터',
      settings: { addr: printer.addr },
    })
    await form.getByRole('button', { name: '뒤로' }).click()
    await page.getByRole('button', { name: '라벨', exact: true }).click()
    await form.getByRole('button', { name: '50 × 30' }).click()
    await form.getByLabel('장수').fill('3')
    await form.getByRole('spinbutton', { name: /^내용량/ }).fill('1')
    await form.getByLabel('내용량 단위').selectOption('L')
    await form.getByLabel('기한').fill('2026-12-05')
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(400)
    await expect(form.getByLabel('프린터')).toHaveText(/라벨 프린터/)
    await expectFits(page, 'labels')
    await form.getByRole('button', { name: '라벨 3장 인쇄' }).click()
    await expect
      .poll(async () => (await labelsOf(shop, printer)).count, { timeout: 30_000 })
      .toBe(3)
    const out = await labelsOf(shop, printer)
    for (const label of out.labels) {
      expect(label).toMatchObject({
        width: 400,
        height: 240,
        codes: [{ system: 'EAN13', data: shop.barcode('오렌지 주스 1L') }],
      })
      expect(label.drawn).toBeGreaterThanOrEqual(4)
      expect(label.unknown).toBeUndefined()
    }
    const drawn = await shop.box.get(`${printer.control}/label.png`)
    await test.info().attach('label', { body: await drawn.body(), contentType: 'image/png' })

    await shop.box.post(`${printer.control}/fault?name=ribbon_out&on=true`)
    await form.getByRole('button', { name: '라벨 3장 인쇄' }).click()
    await expect(counter.strip).toContainText('리본이 다 됐어요')
    await expect(form).toContainText('뽑고 있어요')
    await expectFits(page, 'labels, ribbon out')
    await shop.box.post(`${printer.control}/fault?name=ribbon_out&on=false`)
    await expect
      .poll(async () => (await labelsOf(shop, printer)).count, { timeout: 30_000 })
      .toBe(6)

    await shop.ask('PUT', '/api/options', { ...(await shop.state()).options, language: 'en' })
    await expect(page.getByRole('form', { name: 'Labels' })).toBeVisible()
    await expectFits(page, 'labels in English')
    await page.goto('/#/counter')
    await page.goto('/#/products')
    await expect(page.getByRole('searchbox')).toBeVisible()
    await expectFits(page, 'products')
  })
  printer.process.stdin?.end()
})

async function labelsOf(shop: Shop, printer: Sim): Promise<Labels> {
  return (await (await shop.box.get(`${printer.control}/state`)).json()) as Labels
}
