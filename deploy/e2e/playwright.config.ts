import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const browser = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(browser)) {
  throw new Error(`no browser at ${browser}: run "make setup", or set CHROMIUM to the path of one`)
}

// A page of the counter, touched with a finger on a tablet of this size.
const counter = (width: number, height: number) => ({
  testMatch: '**/counter*.spec.ts',
  use: { baseURL: process.env.SHOPBOX_BOX, viewport: { width, height }, hasTouch: true },
})

export default defineConfig({
  testDir: '.',
  outputDir: '../../.build/e2e',
  globalSetup: './rig.ts',
  globalTimeout: 20 * 60_000,
  timeout: 60_000,
  // One shop with one till stands behind all tests.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'counter-1024', ...counter(1024, 600) },
    { name: 'counter-1280', ...counter(1280, 800) },
    {
      name: 'owner-360',
      testMatch: '**/owner*.spec.ts',
      use: {
        baseURL: process.env.SHOPBOX_HUB,
        viewport: { width: 360, height: 740 },
        hasTouch: true,
        isMobile: true,
      },
    },
  ],
})
