import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '@postern/testkit';
import type { Browser, Page } from 'playwright-core';

export { launchBrowser };

/** Where pictures of the pages are left to be looked at. */
export const PICTURES = join(tmpdir(), 'postern-pictures');

/** A person's browser: a profile of its own, one page, and whatever its console complained about. */
export type Person = { readonly page: Page; readonly complaints: string[]; leave(): Promise<void> };

/** Opens a fresh profile. */
export async function aPerson(browser: Browser): Promise<Person> {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  return { page, complaints, leave: () => context.close() };
}

/** Fills in the sign-in pages by keyboard, as a person does. */
export async function signInByKeyboard(page: Page, username: string, password: string): Promise<void> {
  await page.waitForSelector('input[name=uid_field]');
  await page.keyboard.type(username);
  await page.keyboard.press('Enter');
  await page.waitForSelector('input[name=password]');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
}

/** Leaves a picture of the page. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
}
