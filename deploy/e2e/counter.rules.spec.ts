import { inside, overflow, placeOf, placesOf, tooSmall } from './boxes'
import { expect, pageNames, test } from './counter'
import { expectWithin } from './measure'

// The rules of a good counter that shop tills were found to break, by number.

test('rule 1: whatever can be touched is at least 48 px', async ({ counter }) => {
  const { page } = counter
  await counter.pick('음료', '아메리카노', '카페라떼')
  expect(await tooSmall(page)).toEqual([])
  for (const open of ['다른 결제', '상품 찾기', '더 보기', '할인', '메모', '아메리카노 고치기']) {
    await counter.button(open).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await tooSmall(page), open).toEqual([])
    await counter.button('닫기').click()
  }
  await counter.button('메뉴').click()
  await expect(counter.panel('메뉴')).toBeVisible()
  expect(await tooSmall(page), '메뉴').toEqual([])
  await counter.panel('메뉴').getByRole('button', { name: '닫기' }).click()
  for (const name of pageNames) {
    await counter.visit(name)
    expect(await tooSmall(page), name).toEqual([])
  }
})

test('rule 2: nothing scrolls off, even with six tenders; the number keys stay', async ({
  counter,
}) => {
  await counter.pick('식품', '쌀 10kg')
  await counter.button('다른 결제').click()
  for (let parts = 1; parts <= 6; parts++) {
    await counter.type('1000')
    await counter.button('현금 받기').click()
    await expect(counter.page.getByRole('list', { name: '받은 결제' }).locator('li')).toHaveCount(
      parts,
    )
  }
  expect(await overflow(counter.page)).toEqual({ x: 0, y: 0 })
  const all = [
    ...(await placesOf(counter.keypad.getByRole('button'))),
    ...(await placesOf(counter.due)),
    ...(await placesOf(counter.page.getByRole('button', { name: /현금 받기|카드 결제/ }))),
  ]
  expect(all.length).toBeGreaterThan(15)
  expect(all.filter((place) => !inside(counter.page, place))).toEqual([])
})

test('rule 3: number keys never move while typing', async ({ counter }) => {
  await counter.pick('음료', '아메리카노')
  await counter.button('다른 결제').click()
  const keys = counter.keypad.getByRole('button')
  const before = await placesOf(keys)
  await counter.type('987654321')
  await expect(counter.panel('결제')).toContainText('987,654,321')
  expect(await placesOf(keys)).toEqual(before)
})

test('rule 4: keys do not animate; twenty quick taps all count', async ({ counter }) => {
  const { page } = counter
  await counter.button('음료').click()
  const key = counter.key('아메리카노')
  const moves = await page
    .locator('button')
    .evaluateAll((all) => all.map((each) => getComputedStyle(each).transitionDuration))
  expect(new Set(moves)).toEqual(new Set(['0s']))
  const box = await key.boundingBox()
  if (!box) throw new Error('the key is not on the screen')
  for (let tap = 0; tap < 20; tap++) await page.touchscreen.tap(box.x + 20, box.y + 20)
  await expect(counter.quantity('아메리카노')).toHaveText('20')
  await expect(counter.due).toHaveText('60,000원')
})

test('rule 5: tenders are not smaller than digits', async ({ counter }) => {
  await counter.pick('음료', '아메리카노')
  await counter.button('다른 결제').click()
  const area = ({ width, height }: { width: number; height: number }) => width * height
  const digit = area(await placeOf(counter.keypad.getByRole('button', { name: '5' })))
  const tenders = [
    ...(await placesOf(
      counter.page.getByRole('group', { name: '결제', exact: true }).getByRole('button'),
    )),
    ...(await placesOf(counter.button('현금 받기'))),
    ...(await placesOf(counter.button('카드 결제'))),
  ]
  expect(tenders).toHaveLength(5)
  for (const tender of tenders) expect(area(tender), tender.name).toBeGreaterThanOrEqual(digit)
})

test('rule 6: paying is on the right, or on the left for the left-handed', async ({
  counter,
  shop,
}) => {
  await counter.pick('음료', '아메리카노')
  await counter.button('다른 결제').click()
  const left = async (found: typeof counter.due) => (await placeOf(found)).x
  const middle = (counter.page.viewportSize()?.width ?? 0) / 2
  expect(await left(counter.exactCash())).toBeGreaterThan(middle)
  await counter.button('닫기').click()
  await counter.visit('설정')
  await counter.page.getByLabel('왼손으로 써요').check()
  await counter.visit('판매')
  await expect
    .poll(async () => (await left(counter.exactCash())) < (await left(counter.key('아메리카노'))))
    .toBe(true)
  expect((await shop.state()).options.left_handed).toBe(true)
})

test('rule 7: exact cash is one tap from the cart', async ({ counter }) => {
  await counter.pick('음료', '아메리카노')
  await counter.exactCash().click()
  await expect(counter.done).toBeVisible()
})

test('rule 8: notes that cover the total are offered, and any other amount', async ({
  counter,
}) => {
  await counter.pick('음료', '아메리카노', '카페라떼')
  await counter.pick('식품', '두부 300g')
  await expect(counter.due).toHaveText('8,700원')
  await counter.button('다른 결제').click()
  const notes = counter.page.getByRole('group', { name: '손님이 낸 돈' }).getByRole('button')
  await expect(notes).toHaveText(['8,700원', '9,000원', '10,000원', '50,000원'])
  await counter.type('20000')
  await counter.button('현금 받기').click()
  await expect(counter.done).toContainText('11,300원')
})

test('rule 9: won have no decimals; 00 and 000 are keys', async ({ counter }) => {
  await counter.pick('식품', '쌀 10kg')
  await counter.button('다른 결제').click()
  await counter.type('10')
  for (const key of ['00', '0']) {
    await counter.keypad.getByRole('button', { name: key, exact: true }).click()
  }
  await expect(counter.panel('결제')).toContainText('10,000원')
  await counter.button('지우기').click()
  await counter.type('50')
  await counter.keypad.getByRole('button', { name: '000', exact: true }).click()
  await expect(counter.panel('결제')).toContainText('50,000원')
  await expect(counter.keypad.getByRole('button', { name: '.' })).toHaveCount(0)
  expect(await counter.page.locator('.money').allInnerTexts()).not.toContainEqual(
    expect.stringMatching(/\.\d/),
  )
})

test('rule 10: change is the biggest text and stays until the next touch', async ({ counter }) => {
  const { page } = counter
  await page.clock.install()
  await counter.open()
  await counter.pick('음료', '아메리카노')
  await counter.button('다른 결제').click()
  await counter.button('5,000원').click()
  const change = counter.done.getByText('2,000원')
  await expect(change).toBeVisible()
  const sizes = await page
    .locator('body *')
    .evaluateAll((all) =>
      all
        .filter((each) => each.checkVisibility() && /[\d가-힣]/.test(each.textContent))
        .map((each) => parseFloat(getComputedStyle(each).fontSize)),
    )
  const size = await change.evaluate((each) => parseFloat(getComputedStyle(each).fontSize))
  expect(size).toBe(Math.max(...sizes))
  expect(size).toBeGreaterThanOrEqual(40)
  await page.clock.fastForward('01:00')
  await expect(change).toBeVisible()
})

test('rule 11: the next product starts the next sale, with no tap between', async ({ counter }) => {
  await counter.pick('음료', '아메리카노')
  await counter.exactCash().click()
  await expect(counter.done).toBeVisible()
  await counter.key('카페라떼').click()
  await expect(counter.done).toBeHidden()
  await expect(counter.lines).toHaveCount(1)
  await expect(counter.due).toHaveText('3,800원')
})

test('rule 12: a tap is drawn within 100 ms though the box does not answer', async ({
  counter,
  shop,
}) => {
  const { page } = counter
  await counter.pick('음료', '아메리카노')
  await expect(counter.due).toHaveText('3,000원')
  let answer: () => void = () => undefined
  const asked = new Promise<void>((done) => (answer = done))
  await page.route('**/api/cart/lines', async (route) => {
    await asked
    await route.continue()
  })
  let taps = 0
  await expectWithin(100, async () => {
    taps++
    return await counter.key('아메리카노').evaluate(drawing, '[aria-label="받을 금액"]')
  })
  const quantity = String(1 + taps)
  const due = `${(3_000 * (1 + taps)).toLocaleString('ko-KR')}원`
  await expect(counter.quantity('아메리카노')).toHaveText(quantity)
  await expect(counter.due).toHaveText(due)
  const answered = page.waitForResponse('**/api/cart/lines')
  answer()
  await answered
  await expect.poll(async () => (await shop.state()).cart.total).toBe(3_000 * (1 + taps))
  await expect(counter.quantity('아메리카노')).toHaveText(quantity)
  await expect(counter.due).toHaveText(due)
})

/** Presses a key and waits for something to change: how long it took, in ms. */
function drawing(key: HTMLElement | SVGElement, selector: string): Promise<number> {
  return new Promise((done) => {
    const from = performance.now()
    const due = document.querySelector(selector)
    if (!due) throw new Error(`${selector} is not shown`)
    new MutationObserver(() => done(performance.now() - from)).observe(due, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    ;(key as HTMLElement).click()
  })
}

test('rule 13: a second tap on pay before the box answers makes no second sale', async ({
  counter,
  shop,
}) => {
  const { page } = counter
  const keys: string[] = []
  let answer: () => void = () => undefined
  const tapped = new Promise<void>((done) => (answer = done))
  await page.route('**/api/cart/pay', async (route) => {
    keys.push((route.request().postDataJSON() as { key: string }).key)
    await tapped
    await route.continue()
  })
  const before = (await shop.sales()).total
  await counter.pick('음료', '아메리카노')
  const { x, y } = await placeOf(counter.exactCash())
  for (let tap = 0; tap < 2; tap++) await page.touchscreen.tap(x + 20, y + 20)
  answer()
  await expect(counter.done).toBeVisible()
  await counter.thenTouch('새 판매')
  expect((await shop.sales()).total).toBe(before + 1)
  expect(keys).toHaveLength(1)
})

test('rule 13: the second half of a double tap on pay touches nothing else', async ({
  counter,
  shop,
}) => {
  const { page } = counter
  await page.clock.install()
  await counter.open()
  await counter.pick('음료', '아메리카노')
  const before = (await shop.sales()).total
  await page.clock.pauseAt(Date.now() + 60_000)
  await counter.exactCash().click()
  await expect(counter.done).toBeVisible()
  for (const { x, y } of await placesOf(counter.page.locator('aside button'))) {
    await page.touchscreen.tap(x + 20, y + 20)
  }
  await expect(counter.done).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect((await shop.sales()).total).toBe(before + 1)
  await page.clock.runFor(600)
  await counter.thenTouch('새 판매')
})

test('rule 17: one tap parks the cart under the time; it comes back from a sorted list', async ({
  counter,
}) => {
  const { page } = counter
  await counter.pick('음료', '아메리카노')
  await counter.button('보관').click()
  await expect(counter.lines).toHaveCount(0)
  await counter.pick('음료', '오렌지 주스 1L')
  await counter.button('보관').click()
  await expect(counter.due).toHaveText('0원')
  await counter.button('보관함 2').click()
  const rows = page.getByRole('list', { name: '보관한 카트' }).getByRole('listitem')
  await expect(rows).toHaveCount(2)
  for (const row of await rows.all()) {
    await expect(row).toHaveAttribute('aria-label', /\d{2}:\d{2}/)
  }
  await expect(rows.first()).toContainText('3,000원')
  await counter.button('금액').click()
  await expect(rows.first()).toContainText('4,200원')
  for (const order of ['이름', '직원', '시간']) {
    await counter.button(order).click()
    await expect(counter.button(order)).toHaveAttribute('aria-pressed', 'true')
  }
  await rows.filter({ hasText: '3,000원' }).getByRole('button', { name: '꺼내기' }).click()
  await expect(counter.line('아메리카노')).toBeVisible()
  await expect(counter.due).toHaveText('3,000원')
})

test('rule 19: a line comes back within ten seconds, with quantity and price', async ({
  counter,
}) => {
  const { page } = counter
  await page.clock.install()
  await counter.open()
  await counter.pick('음료', '아메리카노', '아메리카노', '카페라떼')
  await counter.button('아메리카노 고치기').click()
  await counter.panel('아메리카노').getByRole('button', { name: '가격', exact: true }).click()
  await counter.type('2500')
  await counter.button('적용').click()
  await expect(counter.due).toHaveText('8,800원')

  await counter.button('아메리카노 고치기').click()
  await counter.button('카트에서 빼기').click()
  await expect(counter.line('아메리카노')).toBeHidden()
  await expect(page.getByText('아메리카노 뺐어요.')).toBeVisible()
  await counter.button(/되돌리기/).click()
  await expect(counter.quantity('아메리카노')).toHaveText('2')
  await expect(counter.due).toHaveText('8,800원')

  await counter.button('카페라떼 빼기').click()
  await expect(counter.button(/되돌리기/)).toBeVisible()
  await page.clock.fastForward('00:11')
  await expect(counter.button(/되돌리기/)).toBeHidden()
})

test('rule 19: a paid sale is undone only with a reason and the right to', async ({ counter }) => {
  await counter.pick('음료', '아메리카노')
  await counter.exactCash().click()
  await counter.thenTouch('영수증')
  await counter.button('환불').click()
  await counter.button('모두').click()
  await expect(counter.button(/환불하기/)).toBeDisabled()
  await counter.button('잘못 계산').click()
  await expect(counter.button(/환불하기/)).toBeEnabled()
})
