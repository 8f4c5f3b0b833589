import { describe, expect, it } from 'vitest';
import { givenPages } from './browser.harness.ts';
import { examples } from './challenges.ts';

const pages = givenPages();
const { show, violations } = pages;

/** One of each kind of step that stays where it is; others differ from them in place or in a host's script only. */
const still = Object.keys(examples).filter((name) => !/^autosubmit|-(left|right|turnstile|recaptcha)$/.test(name));
const half = Math.ceil(still.length / 2);

// In parts, so that none of them comes near its time on a machine with much else to do.
describe.each([
  { part: 'the first half', names: still.slice(0, half) },
  { part: 'the second half', names: still.slice(half) },
])('$part of all steps', ({ names }) => {
  it('has no accessibility violation by day and by night, no complaint, and fits a narrow phone', async () => {
    for (const name of names) {
      await pages.page.setViewportSize({ width: 1280, height: 800 });
      await pages.page.emulateMedia({ colorScheme: 'light' });
      await show(`show-${name}`);
      await pages.page.locator('[aria-busy=false]').waitFor();
      expect(await violations(), name).toEqual([]);
      expect(await pages.page.locator('[tabindex]:not([tabindex="-1"],[tabindex="0"])').count(), name).toBe(0);
      // Nothing but colours changes with the theme: they are looked at on a narrow phone.
      await pages.page.setViewportSize({ width: 320, height: 640 });
      expect(await pages.page.evaluate(() => document.documentElement.scrollWidth), name).toBe(320);
      await pages.page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations({ runOnly: ['color-contrast'] }), `${name} at night`).toEqual([]);
    }
    const known = /sandboxed|404/;
    expect(pages.complaints.filter((text) => !known.test(text))).toEqual([]);
  }, 120_000);
});
