import { expectAccessible } from './axe'
import { overflow } from './boxes'
import { expect, pageNames, test } from './counter'

const themes = ['light', 'dark'] as const

for (const theme of themes) {
  test(`rule 25: axe finds nothing at the counter, ${theme}`, async ({ counter, shop }) => {
    const { page } = counter
    test.setTimeout(300_000)
    await page.emulateMedia({ colorScheme: theme })
    await expectAccessible(page, 'empty counter')
    await counter.pick('음료', '아메리카노', '카페라떼')
    await expectAccessible(page, 'cart')
    const panels = ['다른 결제', '상품 찾기', '더 보기', '할인', '메모', '아메리카노 고치기']
    for (const open of panels) {
      await counter.button(open).first().click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page, open)
      await counter.button('닫기').click()
    }
    await counter.button('보관').click()
    await counter.button('보관함 1').click()
    await expectAccessible(page, 'parked carts')
    await page.getByRole('button', { name: '꺼내기' }).click()
    await shop.fault('terminal', 'decline', true)
    await counter.card().click()
    await expect(counter.button('카트로')).toBeVisible()
    await expectAccessible(page, 'declined card')
    await counter.button('카트로').click()
    await shop.fault('printer', 'paper_out', true)
    await expect(counter.strip).toContainText('프린터에 종이가 없어요.')
    await counter.exactCash().click()
    await expect(counter.done).toBeVisible()
    await expectAccessible(page, 'done, with a fault')
    expect(await overflow(page)).toEqual({ x: 0, y: 0 })
  })

  test(`rule 25: axe finds nothing behind the menu, ${theme}`, async ({ counter }) => {
    const { page } = counter
    test.setTimeout(300_000)
    await page.emulateMedia({ colorScheme: theme })
    await counter.button('메뉴').click()
    await expect(counter.panel('메뉴')).toBeVisible()
    await expectAccessible(page, 'menu')
    await counter.button('메뉴').click()
    for (const name of pageNames) {
      await counter.visit(name)
      await expect(page.getByRole('main')).not.toBeEmpty()
      await expectAccessible(page, name)
      expect(await overflow(page), name).toEqual({ x: 0, y: 0 })
    }
  })
}

test('rule 25: in grey every state still has its icon and its words', async ({ counter, shop }) => {
  const { page } = counter
  await shop.fault('printer', 'paper_out', true)
  await expect(counter.strip).toContainText('프린터에 종이가 없어요.')
  await page.addStyleTag({ content: 'html { filter: grayscale(1) }' })
  for (const item of await counter.strip.getByRole('button').all()) {
    await expect(item.locator('svg').first()).toBeVisible()
    expect((await item.innerText()).trim()).not.toBe('')
  }
  // A fault is told from what is well by a second icon, not by its colour.
  const icons = (name: RegExp) => counter.strip.getByRole('button', { name }).locator('svg').count()
  expect(await icons(/종이/)).toBeGreaterThan(await icons(/스캐너/))
  await test.info().attach('grey', { body: await page.screenshot(), contentType: 'image/png' })
})

test('rule 25: keys of a keyboard sell', async ({ counter }) => {
  const { page } = counter
  await page.keyboard.press('/')
  const search = counter.panel('상품 찾기')
  await expect(search.getByRole('searchbox')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(search).toBeHidden()
  await page.keyboard.press('/')
  await expect(search.getByRole('searchbox')).toBeFocused()
  // Enter means what is typed, though the list may still be the one before.
  await page.keyboard.type('오렌지')
  await page.keyboard.press('Enter')
  await expect(counter.due).toHaveText('4,200원')

  await page.keyboard.press('F3')
  await expect(counter.panel('결제')).toBeVisible()
  // A person's pace: what is faster is a scanner.
  for (const digit of '5000') await page.keyboard.press(digit, { delay: 100 })
  await expect(counter.panel('결제')).toContainText('5,000원')
  await page.keyboard.press('Enter')
  await expect(counter.done).toContainText('800원')
  await page.keyboard.press('Enter')
  await expect(counter.done).toBeHidden()

  await counter.pick('음료', '아메리카노')
  await page.keyboard.press('F2')
  await expect(counter.done).toContainText('3,000원')
  await counter.pick('음료', '카페라떼')
  await page.keyboard.press('F4')
  await expect(counter.done).toContainText('카드로 받았어요')
})
