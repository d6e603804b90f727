import type { Page } from '@playwright/test'
import { expect, test } from './counter'
import { Wedge } from './wedge'

/** A barcode of twelve digits and its check digit. */
function ean13(digits: string): string {
  const sum = Array.from(digits, Number).reduce(
    (total, digit, i) => total + digit * (i % 2 ? 3 : 1),
    0,
  )
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** Keeps the tones that the page plays, for a test to look at. */
async function listen(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const tones: number[] = []
    Object.assign(window, { tones })
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (this: OscillatorNode, at?: number) {
      tones.push(this.frequency.value)
      start.call(this, at)
    }
  })
  return () => page.evaluate(() => (window as unknown as { tones: number[] }).tones)
}

test('rule 14: a keyboard scanner is heard anywhere and leaves fields alone', async ({
  counter,
  shop,
}) => {
  const { page } = counter
  const scanner = await Wedge.plugIn(counter)
  await scanner.scan(shop.barcode('아메리카노'))
  await expect(counter.quantity('아메리카노')).toHaveText('1')

  await counter.button('메모').click()
  const note = counter.panel('메모').getByRole('textbox')
  await expect(note).toBeFocused()
  await scanner.scan(shop.barcode('카페라떼'))
  await expect(counter.line('카페라떼')).toBeVisible()
  await expect(note).toHaveValue('')
  await page.keyboard.type('선물')
  await expect(note).toHaveValue('선물')
})

test('rule 14: the serial scanner is heard whatever has the focus', async ({ counter, shop }) => {
  await counter.button('상품 찾기').click()
  const field = counter.panel('상품 찾기').getByRole('searchbox')
  await expect(field).toBeFocused()
  await shop.scan(shop.barcode('컵라면'))
  await expect(counter.line('컵라면')).toBeVisible()
  await expect(field).toHaveValue('')
})

test('rule 15: scans are read with Hangul input on, and from Alt codes', async ({
  counter,
  shop,
}) => {
  const scanner = await Wedge.plugIn(counter)
  await scanner.scanInHangul(shop.barcode('컵라면'))
  await expect(counter.quantity('컵라면')).toHaveText('1')
  await scanner.scanWithAlt(shop.barcode('생수 500ml'))
  await expect(counter.quantity('생수 500ml')).toHaveText('1')
  await counter.exactCash().click()
  await expect(counter.done).toBeVisible()
  const sale = /(\d{8})-(\d{4,})/.exec(await counter.done.innerText())
  await scanner.scanInHangul(`R${sale?.[1]?.slice(2) ?? ''}${sale?.[2] ?? ''}`)
  await expect(counter.page.getByRole('article', { name: sale?.[0] ?? '' })).toBeVisible()
})

test('rule 16: an unknown barcode sounds, and offers to add the product', async ({
  counter,
  shop,
}) => {
  const tones = await listen(counter.page)
  await counter.open()
  await counter.pick('음료', '아메리카노')
  const code = ean13('880999999901')
  await shop.scan(code)
  const panel = counter.panel('모르는 바코드')
  await expect(panel).toContainText(`${code} 상품이 없어요.`)
  await expect(panel.getByText(code).first()).toBeVisible()
  await expect(counter.lines).toHaveCount(1)
  await expect.poll(async () => (await tones()).filter((hertz) => hertz < 300).length).toBe(2)
  await expect(panel.getByLabel('상품 이름')).toBeVisible()
  await counter.button('닫기').click()
  await expect(counter.due).toHaveText('3,000원')
})

test('rule 16: the product added from an unknown barcode goes into the cart', async ({
  counter,
  shop,
}, info) => {
  const code = ean13(info.project.name === 'counter-1024' ? '880999999902' : '880999999903')
  await shop.scan(code)
  const panel = counter.panel('모르는 바코드')
  await panel.getByLabel('상품 이름').fill(`새 상품 ${code}`)
  await panel.getByLabel('가격').fill('2700')
  await counter.button('추가하고 담기').click()
  await expect(counter.line(`새 상품 ${code}`)).toBeVisible()
  await expect(counter.due).toHaveText('2,700원')
})

test('what a scanner should not send is told in words and changes nothing', async ({
  counter,
  shop,
}) => {
  const { page } = counter
  await page.clock.install()
  await counter.open()
  await shop.scan(shop.barcode('아메리카노'))
  await expect(counter.due).toHaveText('3,000원')
  // A sentence goes by itself after a while, which is not what is tested.
  await page.clock.pauseAt(Date.now() + 60_000)
  const misread = `${shop.barcode('카페라떼').slice(0, 12)}${(Number(shop.barcode('카페라떼')[12]) + 1) % 10}`
  const cases: [string, Buffer][] = [
    ['바코드가 잘못 읽혔어요. 다시 찍어 주세요.', Buffer.from(`${misread}\r`)],
    ['스캐너가 이상한 값을 보냈어요. 다시 찍어 주세요.', Buffer.from([0, 255, 254, 7, 200, 13])],
    ['스캐너가 이상한 값을 보냈어요. 다시 찍어 주세요.', Buffer.from(`${'8'.repeat(4096)}\r`)],
  ]
  for (const [sentence, bytes] of cases) {
    await shop.sendRaw(bytes)
    await expect(counter.says.filter({ hasText: sentence })).toBeVisible()
    await counter.says.getByRole('button', { name: '닫기' }).click()
    await expect(counter.says).toHaveCount(0)
  }
  await expect(counter.due).toHaveText('3,000원')
  await shop.scan(shop.barcode('카페라떼'))
  await expect(counter.due).toHaveText('6,800원')
})

test('the same barcode twice within 300 ms goes in once, and says so', async ({
  counter,
  shop,
}) => {
  const { page } = counter
  await page.clock.install()
  await counter.open()
  await page.clock.pauseAt(Date.now() + 60_000)
  await shop.fault('scanner', 'twice', true)
  await shop.scan(shop.barcode('아메리카노'))
  await expect(
    counter.says.filter({ hasText: '같은 바코드가 잇따라 찍혀서 한 번만 담았어요.' }),
  ).toBeVisible()
  await expect(counter.quantity('아메리카노')).toHaveText('1')
})
