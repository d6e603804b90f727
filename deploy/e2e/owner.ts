import { expect, type Browser, type Locator, type Page } from '@playwright/test'
import { owner, ownerPassword } from './shop'
import type { Addresses } from './world'

/** OwnerPage is the owner's phone, wherever the owner is. */
export class OwnerPage {
  constructor(readonly page: Page) {}

  /** Opens the hub on a phone and signs the owner in. */
  static async open(browser: Browser, addresses: Addresses): Promise<OwnerPage> {
    const context = await browser.newContext({
      baseURL: addresses.hub,
      viewport: { width: 360, height: 740 },
      isMobile: true,
      storageState: { cookies: [], origins: [] },
    })
    const phone = new OwnerPage(await context.newPage())
    await phone.signInAt(addresses.hub)
    return phone
  }

  async signInAt(hub: string): Promise<void> {
    await this.page.goto(hub)
    await this.page.getByLabel('아이디').fill(owner.login)
    await this.page.getByLabel('비밀번호').fill(ownerPassword)
    await this.page.getByRole('button', { name: '로그인' }).click()
    await expect(this.page.getByRole('navigation', { name: '메뉴' })).toBeVisible()
  }

  async visit(name: '오늘' | '판매 내역' | '매장과 박스'): Promise<void> {
    await this.page.getByRole('navigation', { name: '메뉴' }).getByRole('link', { name }).click()
  }

  /** The row of a sale in the list of sales, by the end of its number. */
  sale(number: string): Locator {
    const end = number.split('-')[1] ?? number
    return this.page.getByRole('listitem').filter({ hasText: new RegExp(`\\b${end}\\b`) })
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }
}
