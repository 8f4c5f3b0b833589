import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser } from '@postern/testkit';
import type { CDPSession, Page } from 'playwright-core';
import { fillDirectory } from './directory.rows.ts';
import { type Installation, startInstallation } from './installation.ts';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';
import { drag, keys, wheel } from './scrolling.moves.ts';
import { type Frames, noteOf, recorderOf } from './scrolling.recorder.ts';

/** How long the page is looked at while nothing moves, in milliseconds. */
const STILL_MS = 3_000;

/** The administration's table of a million users, as somebody at a browser goes through it. */
export const scrolling: Part = {
  name: 'scrolling',
  isAsked: true,
  async run({ code, users }) {
    await using closing = new AsyncDisposableStack();
    const password = randomBytes(12).toString('hex');
    const installation = await startInstallation(code, [], { POSTERN_BOOTSTRAP_PASSWORD: password });
    closing.defer(() => installation.stop());
    await fillDirectory(installation.sql, users);
    // Playwright hides the bar of scrolled areas, which is what a hand drags.
    const browser = await launchBrowser({ ignoreDefaultArgs: ['--hide-scrollbars'] });
    closing.defer(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en' });
    await openUsers(page, installation, password);
    return await measured(page, users);
  },
};

async function openUsers(page: Page, { host, port }: Installation, password: string): Promise<void> {
  await page.goto(`http://${host}:${port}/if/admin/#/identity/users`);
  for (const [field, answer] of [
    ['uid_field', 'akadmin'],
    ['password', password],
  ] as const) {
    await page.locator(`input[name=${field}]`).fill(answer);
    await page.keyboard.press('Enter');
  }
  await page.locator('.po-table-scroll').waitFor({ timeout: 30_000 });
  await page.locator('.po-table-waiting').first().waitFor({ state: 'detached' });
}

async function measured(page: Page, users: number): Promise<Measure[]> {
  const cdp = await page.context().newCDPSession(page);
  const recorder = await recorderOf(page, cdp);
  const rests: number[] = [];
  const rest = async () => void rests.push(await recorder.rested());
  const heap = await heapOf(cdp);
  const still = await recorder.during(() => sleep(STILL_MS));
  const moves = {
    'the wheel turns': await recorder.during(() => wheel(page, cdp, rest)),
    'the bar is dragged': await recorder.during(() => drag(page, rest)),
    'keys are held': await recorder.during(() => keys(page, rest)),
  };
  const standing = Float64Array.from(rests).sort();
  return [
    ...Object.entries(moves).map(([name, frames]) =>
      frameTime(`${name} (${users.toLocaleString('en-US')} users)`, frames, still),
    ),
    longestTask(Object.values(moves)),
    {
      name: 'standing still until the rows are there, p95',
      value: percentile(standing, 0.95),
      unit: 'ms',
      target: { most: 500 },
      note: `${standing.length} places, median ${percentile(standing, 0.5).toFixed(0)} ms, worst ${standing.at(-1)?.toFixed(0)} ms`,
    },
    {
      name: 'heap of the page afterwards',
      value: await heapOf(cdp),
      unit: 'MB',
      target: { most: 64 },
      baseline: { name: 'before', value: heap },
    },
  ];
}

/** 60 frames a second are one each 16.7 ms. */
function frameTime(name: string, frames: Frames, still: Frames): Measure {
  const value = percentile(frames.times, 0.95);
  return {
    name: `between frames while ${name}, p95`,
    value,
    unit: 'ms',
    target: { most: 20 },
    baseline: { name: 'standing still', value: percentile(still.times, 0.95) },
    note: noteOf(frames),
  };
}

function longestTask(all: readonly Frames[]): Measure {
  const tasks = all.flatMap(({ longTasks }) => longTasks);
  const note = tasks.length === 0 ? 'none is over 50 ms' : `${tasks.length} over 50 ms`;
  return { name: 'longest task while scrolling', value: Math.max(0, ...tasks), unit: 'ms', target: { most: 50 }, note };
}

/** What the page's scripts hold once nothing is left to collect, in megabytes. */
async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 1_000_000;
}
