import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { startExecutorDouble } from './executor-double.ts';
import { serveOutside } from './outside-double.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Only what is wrong, and no second look at style sheets: they are ours, and the browser has them. */
const QUICK: RunOptions = { resultTypes: ['violations'], preload: false };

type Double = Awaited<ReturnType<typeof startExecutorDouble>>;
type Outside = Awaited<ReturnType<typeof serveOutside>>;

/** What a test has at hand: a browser profile of its own, and a server that speaks the executor's protocol. */
export type Harness = {
  page: Page;
  double: Double;
  outside: Outside;
  /** What the console complained about, the content security policy included. */
  complaints: string[];
  /** Where the pages are. `localhost` where keys are used: they take names only. */
  origin: string;
  /** A fresh profile, for another theme or language. */
  open(settings?: { colorScheme?: 'light' | 'dark'; locale?: string }): Promise<void>;
  /** Opens the page of a flow, and waits for its first step. */
  show(flow: string, query?: string): Promise<void>;
  /** Clicks a button, once no answer is under way. */
  press(name: string): Promise<void>;
  focused(): Promise<string | null | undefined>;
  violations(options?: RunOptions): Promise<string[]>;
};

/** Gives the tests of a file one browser, and each of them a profile and a server. */
export function givenPages(): Harness {
  let browser: Browser;
  const harness = {
    async open({ colorScheme = 'light', locale = 'en' } = {}) {
      await harness.page?.context().close();
      const context = await browser.newContext({
        colorScheme,
        locale,
        reducedMotion: 'reduce',
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      harness.outside = await serveOutside(context);
      harness.page = await context.newPage();
      harness.complaints = [];
      harness.page.on('console', (message) => message.type() === 'error' && harness.complaints.push(message.text()));
      harness.page.on('pageerror', (error) => harness.complaints.push(error.message));
    },
    async show(flow, query = 'next=%2Fdone') {
      await harness.page.goto(`${harness.origin}/if/flow/${flow}/?${query}`);
      await harness.page.waitForSelector('h1');
    },
    async press(name) {
      await harness.page.locator('main[aria-busy=false]').waitFor();
      await harness.page.getByRole('button', { name, exact: true }).click();
    },
    focused: () =>
      harness.page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.id),
    async violations(options = {}) {
      // Through the debugger, so that the page's policy stays what it is; once a document, for it is half a megabyte.
      const source = (await harness.page.evaluate('typeof axe')) === 'undefined' ? axe : '';
      const results = (await harness.page.evaluate(
        `${source}; axe.run(${JSON.stringify({ ...QUICK, ...options })})`,
      )) as AxeResults;
      return results.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(' ')}`);
    },
  } as Harness;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    harness.double = await startExecutorDouble(inject('dist'));
    harness.origin = harness.double.origin;
    await harness.open();
  });
  afterEach(() => harness.double.stop());
  return harness;
}
