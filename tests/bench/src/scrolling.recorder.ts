import type { CDPSession, Page } from 'playwright-core';
import { percentile } from './measure.ts';

/** What frames were like while something moved. */
export type Frames = {
  /** Milliseconds between one frame and the next, sorted. */
  readonly times: Float64Array;
  /** Tasks of more than 50 milliseconds, which is what browsers call long. */
  readonly longTasks: readonly number[];
  /** Frames that showed a part of the list without a row. */
  readonly bare: number;
  /** Processor time of the page's main thread for each frame, in milliseconds: whatever else the machine does. */
  readonly processor: number;
};

/** What is told of frames beside their 95th percentile. */
export function noteOf({ times, bare, processor }: Frames): string {
  const late = times.filter((time) => time > 50).length;
  const worst = times.at(-1) ?? Number.NaN;
  return `${times.length} frames, median ${percentile(times, 0.5).toFixed(1)} ms, worst ${worst.toFixed(0)} ms, ${late} over 50 ms, ${bare} not covered by rows, ${processor.toFixed(1)} ms CPU each`;
}

/** Watches a table from within its page. */
export type Recorder = {
  /** Records what frames are like until the movement is done. */
  during(move: () => Promise<void>): Promise<Frames>;
  /** Milliseconds from the last scrolling until every row that is drawn was there. */
  rested(): Promise<number>;
};

/** Long enough to be standing still, longer than the table waits before it asks for rows, in milliseconds. */
const STILL = 200;

const SCRIPT = `(() => {
  const scroller = document.querySelector('.po-table-scroll');
  const found = { times: [], longTasks: [], bare: 0 };
  let isOn = false;
  let before;
  let scrolled = performance.now();
  let shown;
  let next;
  const later = () => { cancelAnimationFrame(next); next = requestAnimationFrame(frame); };
  // Whatever the page does in a frame of scrolling comes before what is seen of it.
  scroller.addEventListener('scroll', () => { scrolled = performance.now(); shown = undefined; later(); }, { passive: true });
  new PerformanceObserver((list) => {
    if (isOn) found.longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });
  const isBare = () => {
    const { top, bottom } = scroller.getBoundingClientRect();
    const rows = scroller.querySelector('tbody').getBoundingClientRect();
    return rows.top > top + 60 || rows.bottom < bottom - 20;
  };
  const frame = (time) => {
    if (isOn && before !== undefined) found.times.push(time - before);
    if (isOn && isBare()) found.bare += 1;
    before = time;
    if (shown === undefined && scroller.querySelector('.po-table-waiting') === null) shown = performance.now();
    later();
  };
  later();
  window.recorder = {
    begin() { Object.assign(found, { times: [], longTasks: [], bare: 0 }); before = undefined; isOn = true; },
    async end() { await new Promise((done) => setTimeout(done, 60)); isOn = false; return found; },
    async rested() {
      const began = performance.now();
      while (shown === undefined || performance.now() - Math.max(began, scrolled) < ${STILL}) await new Promise(requestAnimationFrame);
      return Math.max(0, shown - scrolled);
    },
  };
})()`;

/** Begins to watch the table that the page shows. */
export async function recorderOf(page: Page, cdp: CDPSession): Promise<Recorder> {
  await page.evaluate(SCRIPT);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const processor = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
  return {
    async during(move) {
      const before = await processor();
      await page.evaluate('recorder.begin()');
      await move();
      const found = (await page.evaluate('recorder.end()')) as {
        times: number[];
        longTasks: number[];
        bare: number;
      };
      const times = Float64Array.from(found.times).sort();
      return { ...found, times, processor: ((await processor()) - before) / times.length };
    },
    rested: async () => (await page.evaluate('recorder.rested()')) as number,
  };
}
