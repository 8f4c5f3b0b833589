import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { SECTIONS, settingsHref } from '../src/portal/user.route.ts';
import { examples } from './challenges.ts';
import { startExecutorDouble } from './executor-double.ts';
import { serveOutside } from './outside-double.ts';

/** Pictures of every challenge, on a desk and on a phone, by day and by night: `node tests/shots.ts <folder> [name]`, of what is built. */
const [folder = 'test-results', only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const double = await startExecutorDouble(join(import.meta.dirname, '../dist'));
double.state.footerLinks = [
  { name: 'Imprint', href: 'https://example.com/imprint' },
  { name: 'Privacy', href: 'https://example.com/privacy' },
];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
// Security keys take names only.
const origin = double.origin.replace('127.0.0.1', 'localhost');
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 780 } };
const PLACES: Readonly<Record<string, string>> = {
  portal: '/if/user/',
  'session-end': '/if/session-end/dashboards/',
  ...Object.fromEntries(SECTIONS.map((section) => [`settings-${section}`, `/if/user/${settingsHref(section)}`])),
};
const names = [...Object.keys(examples).filter((name) => name !== 'autosubmit'), ...Object.keys(PLACES)];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries(sizes)) {
    const context = await browser.newContext({ colorScheme, viewport });
    await serveOutside(context);
    const page = await context.newPage();
    for (const name of names.filter((candidate) => !only || candidate.startsWith(only))) {
      await page.goto(`${origin}${PLACES[name] ?? `/if/flow/show-${name}/`}`);
      await page.waitForSelector('h1');
      await page.waitForTimeout(250);
      await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
}
await browser.close();
await double.stop();
