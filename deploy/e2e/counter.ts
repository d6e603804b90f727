import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { Shop } from './shop'
import type { Addresses } from './world'

/** The pages behind the menu. */
export const pageNames = ['판매 내역', '상품', '영업일', '장치', '직원', '설정', '기록'] as const

type PageName = (typeof pageNames)[number] | '판매'

/** What stands at the top of a page that is not called as the menu calls it. */
const headings: Partial<Record<PageName, RegExp>> = { 영업일: /^\d{4}\. \d+\. \d+\. / }

/** Counter is the counter's page with the names a person finds things by. */
export class Counter {
  readonly cart: Locator
  readonly lines: Locator
  readonly due: Locator
  readonly done: Locator
  readonly strip: Locator
  readonly says: Locator
  readonly keypad: Locator

  constructor(readonly page: Page) {
    this.cart = page.getByRole('list', { name: '카트', exact: true })
    this.lines = this.cart.locator('li[aria-label]')
    this.due = page.getByRole('group', { name: '받을 금액' })
    this.done = page.getByRole('status', { name: '마쳤어요' })
    this.strip = page.getByRole('list', { name: '상태', exact: true })
    this.says = page.getByRole('alert')
    this.keypad = page.getByRole('group', { name: '숫자판' })
  }

  async open(): Promise<void> {
    await this.page.goto('/')
    await expect(this.strip).toBeVisible()
    await expect(this.page.getByRole('group', { name: '상품 키' })).toBeVisible()
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  panel(name: string): Locator {
    return this.page.getByRole('dialog', { name, exact: true })
  }

  key(name: string): Locator {
    return this.page.getByRole('group', { name: '상품 키' }).getByRole('button', { name })
  }

  line(name: string): Locator {
    return this.cart.getByRole('listitem', { name, exact: true })
  }

  quantity(name: string): Locator {
    return this.line(name).getByLabel('수량')
  }

  exactCash(): Locator {
    return this.button('현금 딱 맞게')
  }

  card(): Locator {
    return this.page.getByRole('group', { name: '결제', exact: true }).getByRole('button', {
      name: '카드',
      exact: true,
    })
  }

  /** Touches a category and then its keys. */
  async pick(category: string, ...names: string[]): Promise<void> {
    await this.button(category).click()
    for (const name of names) await this.key(name).click()
  }

  /** Types an amount on the keypad. */
  async type(digits: string): Promise<void> {
    for (const digit of digits) {
      await this.keypad.getByRole('button', { name: digit, exact: true }).click()
    }
  }

  /** Touches a key of the done screen that leads away from it. */
  async thenTouch(name: string): Promise<void> {
    await this.button(name).click()
    await expect(this.done).toBeHidden()
  }

  /** Opens a page of the menu and waits until it is there. */
  async visit(name: PageName): Promise<void> {
    await this.button('메뉴').click()
    await this.panel('메뉴').getByRole('button', { name, exact: true }).click()
    await expect(this.panel('메뉴')).toBeHidden()
    const there =
      name === '판매'
        ? this.page.getByRole('group', { name: '상품 키' })
        : this.page.getByRole('heading', { level: 1, name: headings[name] ?? name })
    await expect(there).toBeVisible()
  }
}

interface Fixtures {
  counter: Counter
  shop: Shop
}

/** A test on the shop that all tests share, tidied up before each. */
export const test = base.extend<Fixtures, { entered: Shop }>({
  entered: [
    // Playwright wants the first parameter spelt as a pattern.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const addresses = JSON.parse(process.env.SHOPBOX_RIG ?? '') as Addresses
      const shop = await Shop.enter(addresses)
      await use(shop)
      await shop.box.dispose()
    },
    { scope: 'worker' },
  ],
  shop: async ({ entered }, use) => {
    await entered.tidy()
    await use(entered)
    await entered.mend()
  },
  baseURL: async ({ entered }, use) => use(entered.addresses.box),
  storageState: async ({ entered }, use) => use(await entered.box.storageState()),
  counter: async ({ shop, page }, use) => {
    expect(shop.goods.size).toBeGreaterThan(0)
    const counter = new Counter(page)
    await counter.open()
    await use(counter)
  },
})

export { expect }
