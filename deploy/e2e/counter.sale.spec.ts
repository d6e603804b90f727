import { expect, test, type Counter } from './counter'
import { expectWithin, watch } from './measure'
import { OwnerPage } from './owner'
import { expectPaper } from './paper'
import { cashier, type Shop } from './shop'

/** A sale is on the owner's page this soon, in milliseconds. */
const soon = 3_000
/** Ten goods are scanned and drawn this fast, in milliseconds. */
const tenScans = 2_000

/** The number of the sale that was just finished. */
async function finished(counter: Counter): Promise<string> {
  await expect(counter.done).toBeVisible()
  return /\d{8}-\d{4,}/.exec(await counter.done.innerText())?.[0] ?? ''
}

/** Finds the sale on the owner's phone, with its amount to the won. */
async function expectOnOwnersPage(owner: OwnerPage, number: string, amount: string) {
  await expect(owner.sale(number)).toContainText(`${amount}원`)
}

/** The owner's total of the day is what the box itself counted. */
async function expectSameTotal(owner: OwnerPage, shop: Shop) {
  const report = (await (await shop.box.get('/api/day')).json()) as { total: number }
  await owner.visit('오늘')
  const total = report.total.toLocaleString('ko-KR')
  await expect(owner.page.getByText(`${total}원`, { exact: true }).first()).toBeVisible()
}

test.describe('the spine', () => {
  let owner: OwnerPage

  test.beforeAll(async ({ browser, entered }) => {
    owner = await OwnerPage.open(browser, entered.addresses)
  })
  test.beforeEach(() => owner.visit('판매 내역'))
  test.afterAll(() => owner.close())

  test('ten goods are scanned in two seconds and paid with exact cash', async ({
    counter,
    shop,
  }) => {
    const names = ['아메리카노', '생수 500ml', '두부 300g', '우유 900ml', '컵라면']
    await expectWithin(tenScans, async () => {
      await shop.ask('DELETE', '/api/cart')
      await expect(counter.due).toHaveText('0원')
      const seen = await watch(counter.page)
      const begun = Date.now()
      for (let i = 0; i < 10; i++) await shop.scan(shop.barcode(names[i % names.length] ?? ''))
      await expect(counter.lines).toHaveCount(5)
      for (const name of names) await expect(counter.quantity(name)).toHaveText('2')
      await expect(counter.due).toHaveText('19,800원')
      return (await seen.at(/19,800/)) - begun
    })

    await counter.exactCash().click()
    await expect(counter.done).toContainText('결제됐어요')
    await expect(counter.done).toContainText('거스름돈')
    const number = await finished(counter)
    await expectOnOwnersPage(owner, number, '19,800')
    await expect(counter.done).toContainText('영수증이 나왔어요.')
    await expectPaper(shop, number, 'cash')
    await expectSameTotal(owner, shop)
  })

  test('cash with change', async ({ counter, shop }) => {
    await counter.pick('음료', '아메리카노', '카페라떼')
    await counter.button('다른 결제').click()
    await counter.button('10,000원').click()
    await expect(counter.done).toContainText('거스름돈')
    await expect(counter.done).toContainText('3,200원')
    const number = await finished(counter)
    await expectOnOwnersPage(owner, number, '6,800')
    await expectPaper(shop, number, 'change')
  })

  test('a sale is on the owner’s page within three seconds', async ({ counter }) => {
    await expectWithin(soon, async () => {
      const [here, there] = [await watch(counter.page), await watch(owner.page)]
      await counter.pick('음료', '아메리카노')
      await counter.exactCash().click()
      const number = await finished(counter)
      await expectOnOwnersPage(owner, number, '3,000')
      const end = number.split('-')[1] ?? number
      return (await there.at(new RegExp(`\\b${end}\\b`))) - (await here.at(new RegExp(number)))
    })
  })

  test('a card on the terminal', async ({ counter, shop }) => {
    await counter.pick('식품', '참치캔', '쌀 10kg')
    await counter.card().click()
    await expect(counter.done).toContainText('카드로 받았어요')
    const number = await finished(counter)
    await expectOnOwnersPage(owner, number, '38,200')
    await expectPaper(shop, number, 'card')
    await expectSameTotal(owner, shop)
  })

  test('split between cash and card', async ({ counter, shop }) => {
    await counter.pick('음료', '카페라떼')
    await counter.pick('빵·과자', '단팥빵', '초콜릿')
    await counter.button('다른 결제').click()
    await counter.type('3000')
    await counter.button('현금 받기').click()
    await expect(counter.page.getByRole('list', { name: '받은 결제' })).toContainText('3,000원')
    await expect(counter.due).toHaveText('4,300원')
    await counter.button('카드 결제').click()
    const number = await finished(counter)
    await expectOnOwnersPage(owner, number, '7,300')
    await expectPaper(shop, number, 'split')
  })

  test('a refund, found by the barcode of the receipt', async ({ counter, shop }) => {
    await counter.pick('식품', '배추김치', '두부 300g', '두부 300g')
    await counter.card().click()
    const sold = await finished(counter)
    await expect(counter.done).toContainText('영수증이 나왔어요.')
    const slip = (await shop.slips()).find((each) => each.text.includes(sold))
    const barcode = /R\d{10,}/.exec(slip?.text ?? '')?.[0] ?? ''

    await shop.scan(barcode)
    const sale = counter.page.getByRole('article', { name: sold })
    await expect(sale).toContainText('배추김치')
    await counter.button('환불').click()
    await counter.button('두부 300g 하나 더').click()
    await counter.button('상품 문제').click()
    await counter.button(/1,900원.*환불하기/).click()
    await expect(counter.done).toContainText('환불됐어요')
    await expect(counter.done).toContainText('1,900원')
    const number = await finished(counter)
    await expectOnOwnersPage(owner, number, '-1,900')
    await expectPaper(shop, number, 'refund')
    await expectSameTotal(owner, shop)
  })
})

test.describe('signed out', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('a cashier signs in with a PIN; a wrong one is refused in words', async ({ page, shop }) => {
    expect(shop.goods.size).toBeGreaterThan(0)
    await page.goto('/')
    await page.getByRole('button', { name: new RegExp(cashier.name) }).click()
    const type = async (pin: string) => {
      for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click()
      await page.getByRole('button', { name: '시작하기' }).click()
    }
    await type('9753')
    await expect(page.getByRole('alert')).toContainText('PIN이 틀렸어요. 다시 눌러 주세요.')
    await type(cashier.pin)
    await expect(page.getByRole('group', { name: '상품 키' })).toBeVisible()
    await expect(page.getByText(cashier.name)).toBeVisible()
  })
})
