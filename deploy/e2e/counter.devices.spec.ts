import type { Page } from '@playwright/test'
import { Counter, expect, test } from './counter'
import { expectWithin, watch } from './measure'

/** How soon the strip tells of a device that is gone, in milliseconds. */
const soon = 3_000

/** Keeps every sentence that was shown at some moment, however briefly. */
async function remember(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const seen = new Set<string>()
    Object.assign(window, { seen })
    const look = () => {
      for (const each of document.querySelectorAll('[role=status], [role=alert]')) {
        seen.add(each.textContent)
      }
    }
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  })
  return () =>
    page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen].join('\n'))
}

test('rule 20: a dead printer is told within three seconds, with icon and words', async ({
  counter,
  shop,
}) => {
  const item = counter.strip.getByRole('button', { name: /프린터/ })
  await expect(item).toHaveText('프린터')
  await expect(item.locator('svg')).toHaveCount(1)
  await expectWithin(soon, async () => {
    const seen = await watch(counter.page)
    await shop.kill('printer')
    const killed = Date.now()
    await expect(item).toHaveText('프린터가 대답하지 않아요. 전원과 선을 확인해 주세요.')
    await expect(item.locator('svg')).toHaveCount(2)
    await shop.start('printer')
    await expect(item).toHaveText('프린터')
    return (await seen.at(/프린터가 대답하지 않아요/)) - killed
  })
})

test('rule 20: a dead card terminal is told within three seconds', async ({ counter, shop }) => {
  const item = counter.strip.getByRole('button', { name: /단말기/ })
  await expectWithin(soon, async () => {
    const seen = await watch(counter.page)
    await shop.kill('terminal')
    const killed = Date.now()
    await expect(item).toHaveText('카드 단말기가 대답하지 않아요. 현금은 받을 수 있어요.')
    await shop.start('terminal')
    await expect(item).toHaveText('카드 단말기')
    return (await seen.at(/카드 단말기가 대답하지 않아요/)) - killed
  })
})

test('rule 20: an unplugged scanner is told within three seconds', async ({ counter, shop }) => {
  const item = counter.strip.getByRole('button', { name: /스캐너/ })
  await expectWithin(soon, async () => {
    const seen = await watch(counter.page)
    await shop.fault('scanner', 'unplugged', true)
    const pulled = Date.now()
    await expect(item).toHaveText('스캐너가 대답하지 않아요. 선을 확인해 주세요.')
    await shop.fault('scanner', 'unplugged', false)
    await expect(item).toHaveText('스캐너')
    return (await seen.at(/스캐너가 대답하지 않아요/)) - pulled
  })
})

test('rule 21: with the hub gone cash still works; what is unsent is marked', async ({
  counter,
  shop,
}) => {
  await shop.kill('hub')
  await expect(counter.strip).toContainText('본사와 연결이 끊겼어요. 판매는 계속돼요.')
  await counter.pick('음료', '아메리카노')
  await counter.exactCash().click()
  await expect(counter.done).toContainText('결제됐어요')
  const number = (await shop.state()).finished?.number ?? ''
  await expect(counter.strip.getByRole('button', { name: /미전송 [1-9]/ })).toBeVisible()

  await counter.thenTouch('영수증')
  await expect(counter.page.getByRole('list', { name: '판매 목록' })).toContainText('미전송')
  await expect(counter.page.getByRole('article', { name: number })).toContainText(
    '아직 본사에 안 갔어요. 연결되면 저절로 보내요.',
  )
  await counter.button('메뉴').click()
  await counter.button('나가기').click()
  await expect(counter.says).toContainText('본사에 아직 못 보낸 기록이')
  await expect(counter.button('그래도 나가기')).toBeVisible()
  await counter.panel('메뉴').getByRole('button', { name: '닫기' }).click()

  await shop.start('hub')
  await expect(counter.strip.getByRole('button', { name: '미전송 0' })).toBeVisible()
  await expect
    .poll(async () => (await shop.sales()).items.find((sale) => sale.number === number)?.sent)
    .toBe(true)
})

test('paper out: the sale goes on, and the receipt prints when paper is back', async ({
  counter,
  shop,
}) => {
  await shop.fault('printer', 'paper_out', true)
  await expect(counter.strip).toContainText(
    '프린터에 종이가 없어요. 종이를 넣으면 이어서 인쇄해요.',
  )
  await counter.pick('음료', '아메리카노')
  await counter.exactCash().click()
  await expect(counter.done).toContainText('결제됐어요')
  await expect(counter.done).toContainText('영수증을 인쇄하고 있어요.')
  const number = (await shop.state()).finished?.number ?? ''
  const printed = async () =>
    (await shop.slips()).filter((slip) => slip.cut && slip.text.includes(number)).length
  expect(await printed()).toBe(0)
  await shop.fault('printer', 'paper_out', false)
  await expect(counter.done).toContainText('영수증이 나왔어요.')
  expect(await printed()).toBe(1)
})

test('printer unplugged: the sale goes on, and the receipt prints later', async ({
  counter,
  shop,
}) => {
  await shop.kill('printer')
  await counter.pick('음료', '카페라떼')
  await counter.exactCash().click()
  await expect(counter.done).toContainText('결제됐어요')
  await shop.start('printer')
  await expect(counter.done).toContainText('영수증이 나왔어요.')
  expect((await shop.slips()).filter((slip) => slip.text.includes('카페라떼'))).toHaveLength(1)
})

test('terminal dead: nothing is charged, and cash is offered', async ({ counter, shop }) => {
  await shop.kill('terminal')
  await expect(counter.strip).toContainText('카드 단말기가 대답하지 않아요.')
  await counter.pick('음료', '아메리카노')
  await counter.card().click()
  await expect(counter.says).toContainText(
    '카드 단말기가 대답하지 않아요. 결제되지 않았어요. 전원과 선을 확인해 주세요.',
  )
  await expect(counter.due).toHaveText('3,000원')
  await counter.exactCash().click()
  await expect(counter.done).toContainText('결제됐어요')
})

test('a terminal that wants a diagnosis is told, and served from its page', async ({
  counter,
  shop,
}) => {
  const item = counter.strip.getByRole('button', { name: /단말기/ })
  await shop.fault('terminal', 'diagnosis_due', true)
  await expect(item).toHaveText('단말기가 진단 통신을 기다려요. 장치에서 진단을 눌러 주세요.')
  await item.click()
  await counter.button('진단').click()
  await expect(counter.page.getByText('단말기가 카드사 쪽과 통신했어요.')).toBeVisible()
  await expect(item).toHaveText('카드 단말기')
  await counter.button('시각 맞추기').click()
  await expect(counter.page.getByText('단말기 시각을 맞췄어요.')).toBeVisible()
  // An end of day is asked for twice.
  await counter.button('단말기 마감').click()
  await counter.button('지금 마감하기').click()
  await expect(counter.page.getByText(/단말기를 마감했어요\. \d+건/)).toBeVisible()
})

test('declined: the reason is said, and the cart stays as it was', async ({ counter, shop }) => {
  await shop.fault('terminal', 'decline', true)
  await counter.pick('음료', '아메리카노')
  await counter.card().click()
  await expect(counter.panel('카드 결제').getByRole('status')).toHaveText(
    '카드가 거절됐어요. 다른 카드나 현금을 받아 주세요.',
  )
  await counter.button('카트로').click()
  await expect(counter.due).toHaveText('3,000원')
  await shop.fault('terminal', 'decline', false)
  await counter.card().click()
  await expect(counter.done).toContainText('카드로 받았어요')
})

test('answer lost after approval: the terminal is asked, and the charge found', async ({
  counter,
  shop,
}) => {
  const before = (await shop.transactions()).length
  await counter.pick('음료', '오렌지 주스 1L')
  await shop.fault('terminal', 'answer_lost_after_approval', true)
  // The question is answered at once by a terminal in reach, too soon to look.
  await shop.fault('terminal', 'line_stays_cut', true)
  const seen = await remember(counter.page)
  await counter.card().click()
  await expect.poll(seen).toContain('단말기에 결과를 물어보고 있어요. 다시 결제하지 마세요.')
  await shop.fault('terminal', 'answer_lost_after_approval', false)
  await shop.fault('terminal', 'line_stays_cut', false)
  await expect(counter.done).toContainText('카드로 받았어요', { timeout: 30_000 })
  await expect.poll(seen).toContain('확인해 보니 결제됐어요.')
  expect((await shop.transactions()).length).toBe(before + 1)
})

test('two tablets pay the same cart: one sale, and the slower one is told', async ({
  counter,
  shop,
  browser,
}) => {
  await counter.pick('음료', '아메리카노')
  const context = await browser.newContext()
  const other = new Counter(await context.newPage())
  await other.open()
  await expect(other.due).toHaveText('3,000원')
  const before = (await shop.sales()).total
  let paid: () => void = () => undefined
  const first = new Promise<void>((done) => (paid = done))
  await other.page.route('**/api/cart/pay', async (route) => {
    await first
    await route.continue()
  })
  await other.exactCash().click()
  await counter.exactCash().click()
  await expect(counter.done).toContainText('결제됐어요')
  paid()
  await expect(other.says).toContainText('다른 화면에서 카트가 바뀌었어요.')
  await expect(other.done).toContainText('결제됐어요')
  expect((await shop.sales()).total).toBe(before + 1)
  await context.close()
})

test('the box out of reach is said, and the screen comes back by itself', async ({
  counter,
  shop,
}) => {
  // The screen draws before the box answers; what is killed must have it.
  const kept = counter.page.waitForResponse((answer) => answer.url().includes('/api/cart/lines'))
  await counter.pick('음료', '아메리카노')
  await expect(counter.due).toHaveText('3,000원')
  expect((await kept).ok()).toBe(true)
  await shop.kill('box')
  await expect(counter.strip).toContainText('상자와 연결이 끊겼어요. 다시 연결하고 있어요.')
  await shop.start('box')
  await expect(counter.strip).toContainText('카드 단말기')
  await expect(counter.due).toHaveText('3,000원')
})
