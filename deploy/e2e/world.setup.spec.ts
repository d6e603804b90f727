import { expect, test, type Locator, type Page } from '@playwright/test'
import { expectAccessible } from './axe'
import { startWorld, type World } from './world'

/** Hands count every touch and every field they fill in. */
class Hands {
  moves = 0

  constructor(readonly page: Page) {}

  async touch(name: string | RegExp): Promise<void> {
    await this.press(this.page.getByRole('button', { name, exact: typeof name === 'string' }))
  }

  async press(what: Locator): Promise<void> {
    this.moves++
    await what.click()
  }

  async write(label: string, text: string): Promise<void> {
    this.moves++
    await this.page.getByLabel(label).fill(text)
  }
}

let world: World

test.beforeAll(async () => {
  test.setTimeout(300_000)
  world = await startWorld('-bare')
})
test.afterAll(() => world.stop())

test('a fresh box sells within two minutes and 25 touches', async ({ page }) => {
  const begun = Date.now()
  const hands = new Hands(page)
  await page.goto(world.addresses.box)
  await hands.touch('한국어')
  await expect(page.getByRole('heading', { name: '어떤 가게인가요?' })).toBeVisible()
  await expectAccessible(page, 'set-up: shop')
  await hands.write('가게 이름', '새벽상회')
  await hands.write('사업자등록번호', '1208147521')
  await hands.touch('다음')

  await expectAccessible(page, 'set-up: owner')
  await hands.write('점주 이름', '박점주')
  for (let typed = 0; typed < 2; typed++) {
    for (const digit of '2580') await hands.touch(digit)
    await hands.touch('다음')
  }

  await expect(page.getByRole('heading', { name: '장치를 연결해요' })).toBeVisible()
  await expectAccessible(page, 'set-up: devices')
  await hands.touch('다음')
  await expectAccessible(page, 'set-up: hub')
  await hands.touch('나중에 하고 판매 시작')

  await hands.touch('영업 시작하기')
  await hands.touch('더 보기')
  await hands.touch('금액 입력')
  await expectAccessible(page, 'free amount')
  await hands.touch('5')
  await hands.touch('000')
  await hands.touch('카트에 담기')
  await hands.touch('현금 딱 맞게')
  await expect(page.getByRole('status', { name: '마쳤어요' })).toContainText('결제됐어요')
  await expect(page.getByRole('status', { name: '마쳤어요' })).toContainText('5,000원')
  expect(Date.now() - begun).toBeLessThan(120_000)
  expect(hands.moves).toBeLessThan(25)
})
