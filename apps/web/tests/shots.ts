import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { examples } from './challenges.ts';
import { startExecutorDouble } from './executor-double.ts';

/** Pictures of every challenge, on a desk and on a phone, by day and by night: `node tests/shots.ts <folder> [name]`. */
const [folder = 'test-results', only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const double = await startExecutorDouble();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const PLACES: Readonly<Record<string, string>> = { portal: '/if/user/', 'session-end': '/if/session-end/dashboards/' };
const names = [...Object.keys(examples).filter((name) => name !== 'autosubmit'), ...Object.keys(PLACES)];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    const page = await browser.newPage({ colorScheme, viewport });
    for (const name of names.filter((candidate) => !only || candidate.startsWith(only))) {
      await page.goto(`${double.origin}${PLACES[name] ?? `/if/flow/show-${name}/`}`);
      await page.waitForSelector('h1');
      await page.waitForTimeout(250);
      await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
    await page.close();
  }
}
await browser.close();
await double.stop();
