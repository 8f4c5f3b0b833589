import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

/** How far and how fast the wheel turns, in pixels and pixels a second: a page of rows twice a second. */
const WHEEL = { way: 4_000, speed: 1_600 };
/** How often the wheel turns, there and back. */
const TURNS = 2;
/** Places in the list, as shares of it, where the bar is left for a moment. */
const PLACES = [0.1, 0.35, 0.2, 0.62, 0.5, 0.77, 0.97, 0.88, 0.43, 0.05, 0.69, 0.28];
const PAGES = 40;

/** Stands still until the rows are there. */
type Rest = () => Promise<void>;

/** Turns of the wheel as the browser itself makes them, each frame a little. */
export async function wheel(page: Page, cdp: CDPSession, rest: Rest): Promise<void> {
  const { x, y, width, height } = await boxOf(page);
  const turn = (way: number) =>
    cdp.send('Input.synthesizeScrollGesture', {
      x: x + width / 2,
      y: y + height / 2,
      yDistance: -way,
      speed: WHEEL.speed,
      gestureSourceType: 'mouse',
    });
  for (let index = 0; index < TURNS; index += 1) {
    await turn(2 * WHEEL.way);
    await rest();
    await turn(-WHEEL.way);
    await rest();
  }
}

/** Drags the bar from place to place, each within half a second, and leaves it there for a moment. */
export async function drag(page: Page, rest: Rest): Promise<void> {
  const { x, y, width, height } = await boxOf(page);
  // Above and below the bar are buttons; half of its own height is as much again.
  const at = (share: number) => y + 26 + share * (height - 52);
  const barX = x + width - 8;
  await page.evaluate(`document.querySelector('.po-table-scroll').scrollTo({ top: 0, behavior: 'instant' })`);
  await rest();
  await page.mouse.move(barX, at(0));
  await page.mouse.down();
  let from = 0;
  for (const to of PLACES) {
    for (let step = 1; step <= 30; step += 1) {
      await page.mouse.move(barX, at(from + ((to - from) * step) / 30));
      await sleep(12);
    }
    from = to;
    await rest();
  }
  await page.mouse.up();
  const share = await page.evaluate(
    `(({ scrollTop, scrollHeight }) => scrollTop / scrollHeight)(document.querySelector('.po-table-scroll'))`,
  );
  if (Math.abs(Number(share) - from) > 0.05) throw new Error(`the bar was not dragged: ${share} in place of ${from}`);
}

/** Goes through the list page by page, to its end and back to its beginning. */
export async function keys(page: Page, rest: Rest): Promise<void> {
  await page.locator('.po-table-scroll').focus();
  for (const key of ['PageDown', 'PageUp']) {
    for (let index = 0; index < PAGES; index += 1) {
      await page.keyboard.press(key);
      await sleep(100);
    }
    await rest();
  }
  for (const key of ['End', 'Home', 'End', 'PageUp', 'Home']) {
    await page.keyboard.press(key);
    await rest();
  }
}

async function boxOf(page: Page) {
  const box = await page.locator('.po-table-scroll').boundingBox();
  if (!box) throw new Error('the table is not shown');
  return box;
}
