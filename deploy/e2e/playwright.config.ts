import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const browser = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(browser)) {
  throw new Error(`no browser at ${browser}: run "make setup", or set CHROMIUM to the path of one`)
}

// A page touched with a finger, on a screen of this size.
const screen = (width: number, height: number) => ({
  viewport: { width, height },
  hasTouch: true,
})

export default defineConfig({
  testDir: '.',
  outputDir: '../../.build/e2e',
  snapshotPathTemplate: '{testDir}/testdata/{arg}{ext}',
  globalSetup: './rig.ts',
  // Generous: a machine that is busy with other things is no fault. Where a
  // rule sets a limit its test measures it.
  globalTimeout: 60 * 60_000,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  // One shop with one till stands behind all tests.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  updateSnapshots: process.env.CI ? 'none' : 'missing',
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
    { name: 'counter-1024', testMatch: '**/counter*.spec.ts', use: screen(1024, 600) },
    { name: 'counter-1280', testMatch: '**/counter*.spec.ts', use: screen(1280, 800) },
    // Boxes of their own: fresh, with a full disk, with a wrong clock.
    { name: 'world-1024', testMatch: '**/world*.spec.ts', use: screen(1024, 600) },
    {
      name: 'owner-360',
      testMatch: '**/owner*.spec.ts',
      use: { ...screen(360, 740), isMobile: true },
    },
  ],
})
