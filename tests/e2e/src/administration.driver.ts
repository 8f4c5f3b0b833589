import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Environment } from '@postern/config';
import pg from 'pg';
import type { Browser, Download, Page } from 'playwright-core';
import { type Api, apiOf } from './api.client.ts';
import { aPerson, launchBrowser, type Person, signInByKeyboard } from './browser.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, BOOTSTRAP, oneProcess, type Platform } from './platforms.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** An installation of its own, and its administrator in front of the pages of the administration. */
export type Administration = {
  readonly browser: Browser;
  readonly platform: Platform;
  readonly api: Api;
  readonly person: Person;
  readonly page: Page;
  /** Goes to a place, such as `identity/users`, and waits for its heading. */
  open(place: string, title: string): Promise<void>;
  heading(name: string): Promise<void>;
  /** Waits until the page says that something is done. */
  said(text: string): Promise<void>;
  /** What axe finds wrong with the page as it is shown; by one rule alone, if that is given. */
  violations(rule?: string): Promise<string[]>;
  /** Somebody else, in a browser of their own, who signs in and sees their applications. */
  elsewhere(username: string, password: string): Promise<Person>;
  leave(): Promise<void>;
};

/** Starts an installation, prepares it and signs its administrator in. */
export async function administer(
  prepare: (api: Api, platform: Platform) => Promise<void>,
  env: Environment = {},
): Promise<Administration> {
  await using closing = new AsyncDisposableStack();
  const [browser, platform] = await Promise.all([launchBrowser(), oneProcess.start({ ...BOOTSTRAP, ...env })]);
  closing.defer(() => platform.stop());
  closing.defer(() => browser.close());
  const api = apiOf({ url: platform.url, token: ADMIN_TOKEN });
  await prepare(api, platform);
  const person = await aPerson(browser);
  const { page } = person;
  page.setDefaultTimeout(15_000);
  const heading = (name: string) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
  await page.goto(`${platform.url}/if/admin/`);
  await signInByKeyboard(page, 'akadmin', ADMIN_PASSWORD);
  await heading('Overview');
  const open = closing.move();
  return {
    browser,
    platform,
    api,
    person,
    page,
    heading,
    async open(place, title) {
      await page.goto(`${platform.url}/if/admin/#/${place}`);
      await heading(title);
    },
    said: (text) => page.locator('[role=status]', { hasText: text }).waitFor(),
    violations: (rule) => violationsOf(page, rule),
    async elsewhere(username, password) {
      const other = await aPerson(browser);
      await other.page.goto(`${platform.url}/if/user/`);
      await signInByKeyboard(other.page, username, password);
      await other.page.waitForSelector('h1:has-text("My applications")');
      return other;
    },
    leave: () => open.disposeAsync(),
  };
}

async function violationsOf(page: Page, rule: string | undefined): Promise<string[]> {
  const source = (await page.evaluate('typeof axe')) === 'undefined' ? axe : '';
  const only = rule === undefined ? '' : `runOnly: ['${rule}'],`;
  const found = (await page.evaluate(
    `${source}; axe.run({ ${only} resultTypes: ['violations'], preload: false })`,
  )) as { violations: { id: string; nodes: { html: string }[] }[] };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Users `<name>-<number>`. */
export type Crowd = { readonly name: string; readonly first: number; readonly count: number; readonly path: string };

/** Writes users at once, as no API would. What other services know of users they do not know of these. */
export async function crowd(connectionString: string, { name, first, count, path }: Crowd): Promise<void> {
  const sql = new pg.Client({ connectionString });
  await sql.connect();
  const digits = String(first + count - 1).length;
  await sql.query(
    `insert into directory.user_account (tenant_id, uuid, username, name, email, is_active, path, type, attributes)
     select (select tenant_id from directory.user_account limit 1), gen_random_uuid(), $1 || '-' || lpad(i::text, ${digits}, '0'),
       initcap($1) || ' ' || i, '', true, $2, 'internal', '{}' from generate_series(${first}, ${first + count - 1}) i`,
    [name, path],
  );
  await sql.end();
}

/** What people press and read, on any page of the administration. */
export function controlsOf(page: () => Page) {
  return {
    button: (name: string) => page().getByRole('button', { name, exact: true }),
    dialog: () => page().getByRole('dialog'),
    tab: (name: string) => page().getByRole('tab', { name, exact: true }).first(),
    row: (name: string) => page().locator('tbody tr', { hasText: name }),
  };
}

/** What a file says that the browser got. */
export async function textIn(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8');
}
