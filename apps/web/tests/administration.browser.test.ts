import { describe, expect, it } from 'vitest';
import { serveUsers } from './administration-double.ts';
import { givenPages } from './browser.harness.ts';

const pages = givenPages();
const MILLION = 1_000_000;

async function openUsers(count: number): Promise<number[]> {
  const asked = await serveUsers(pages.page, count);
  await pages.page.goto(`${pages.origin}/if/admin/#/identity/users`);
  await pages.page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
  return asked;
}

const rows = () => pages.page.locator('tbody tr');
const step = (name: string) => pages.page.getByRole('button', { name, exact: true }).click();
const seen = (text: string) => pages.page.getByText(text, { exact: true }).waitFor();

describe('a list of a million users', () => {
  it('draws what is seen, and fetches no more than that', async () => {
    const asked = await openUsers(MILLION);
    await pages.page.getByText('user-0000001').waitFor();
    expect(await rows().count()).toBeLessThan(40);
    expect(new Set(asked)).toEqual(new Set([1]));
    expect(await pages.page.locator('table').getAttribute('aria-rowcount')).toBe('1000001');
    expect(pages.complaints).toEqual([]);
  });

  it('reaches its last row and any other by scrolling, without the rows between', async () => {
    const asked = await openUsers(MILLION);
    await pages.page.getByText('user-0000001').waitFor();
    await step('Last rows');
    await pages.page.getByText('user-1000000').waitFor();
    expect(await rows().last().getAttribute('aria-rowindex')).toBe('1000001');
    await step('First rows');
    await pages.page.getByText(/^1 to \d+ of 1,000,000$/).waitFor();
    await pages.page.getByText('user-0000001').waitFor();
    expect(new Set(asked).size).toBeLessThanOrEqual(4);
  });

  it('scrolls without a hitch: a frame is never late for long, and each shows rows', async () => {
    const asked = await openUsers(MILLION);
    await pages.page.getByText('user-0000001').waitFor();
    const frames = (await pages.page.evaluate(scrollThrough)) as { longest: number; empty: number };
    expect(frames.empty).toBe(0);
    // Generous: the machine that runs this runs other things too.
    expect(frames.longest).toBeLessThan(1000);
    expect(asked.length).toBeLessThan(20);
    await expect.poll(() => pages.page.locator('.po-table-waiting').count(), { timeout: 10_000 }).toBe(0);
  });
});

/** Scrolls a tenth of the list within 60 frames, and looks after each whether rows cover what is seen. */
const scrollThrough = `(async () => {
  const scroller = document.querySelector('.po-table-scroll');
  const found = { longest: 0, empty: 0 };
  let before = performance.now();
  for (let frame = 0; frame < 60; frame += 1) {
    scroller.scrollTop += scroller.scrollHeight / 600;
    const now = await new Promise(requestAnimationFrame);
    found.longest = Math.max(found.longest, now - before);
    before = now;
    await new Promise(requestAnimationFrame);
    const { top, bottom } = scroller.getBoundingClientRect();
    const table = scroller.querySelector('tbody').getBoundingClientRect();
    if (table.top > top + 60 || table.bottom < bottom - 20) found.empty += 1;
  }
  return found;
})()`;

it.each(['light', 'dark'] as const)('can be read and used by everybody, when it is %s', async (colorScheme) => {
  await pages.open({ colorScheme });
  await openUsers(60);
  await pages.page.getByText('user-0000001').waitFor();
  expect(await pages.violations()).toEqual([]);
  await pages.page.getByLabel('Select user-0000001').check();
  await pages.page.getByRole('button', { name: 'Actions: user-0000002' }).click();
  expect(await pages.violations()).toEqual([]);
});

it('keeps what is selected while the list is scrolled', async () => {
  await openUsers(5000);
  await pages.page.getByLabel('Select user-0000002').check();
  await step('Last rows');
  await pages.page.getByLabel('Select user-0005000').check();
  await pages.page.getByText('2 selected').waitFor();
  await step('First rows');
  await expect.poll(() => pages.page.getByLabel('Select user-0000002').isChecked()).toBe(true);
});

it('speaks German', async () => {
  await pages.open({ locale: 'de' });
  pages.double.settings.locale = 'de';
  await serveUsers(pages.page, 3);
  await pages.page.goto(`${pages.origin}/if/admin/#/identity/users`);
  await pages.page.getByRole('heading', { name: 'Personen', level: 1 }).waitFor();
  await seen('1 bis 3 von 3');
});

it('leads whoever is not signed in to the sign-in, and back to the same page', async () => {
  await pages.page.route('**/api/v3/**', (route) => route.fulfill({ status: 403, json: { detail: 'no' } }));
  await pages.page.goto(`${pages.origin}/if/admin/#/identity/users?search=ada`);
  await pages.page.waitForURL(/\/flows\/-\/default\/authentication\//);
  expect(new URL(pages.page.url()).searchParams.get('next')).toBe('/if/admin/#/identity/users?search=ada');
});
