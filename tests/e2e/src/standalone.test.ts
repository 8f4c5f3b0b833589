import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, type RoleProcess, roleProcess } from '@postern/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aPerson, launchBrowser, picture } from './browser.ts';
import { signIn } from './flow.client.ts';

const PASSWORD = 'chosen on the first day';

let browser: Browser;
let home: string;
let url: string;
let postern: RoleProcess;

beforeAll(async () => {
  browser = await launchBrowser();
  home = await mkdtemp(join(tmpdir(), 'postern-test-'));
  // The database may run as another user than the tests.
  await chmod(home, 0o711);
  const [http = 0, metricsPort = 0] = await freePorts(2);
  url = `http://127.0.0.1:${http}`;
  const env = {
    POSTERN_DATA_DIR: home,
    POSTERN_LISTEN__HTTP: `127.0.0.1:${http}`,
    POSTERN_LISTEN__HTTPS: 'off',
  };
  postern = roleProcess({ env, metricsPort });
  await postern.start();
});

afterAll(async () => {
  await browser?.close();
  await postern?.stop();
  await rm(home, { recursive: true, force: true });
});

const printedLink = () => /http:\/\/\S+\/if\/flow\/initial-setup\/\S*/.exec(postern.output())?.[0];

it('keeps its secret key where nobody else reads it', async () => {
  const { mode } = await stat(join(home, 'secret-key'));
  expect(mode & 0o777).toBe(0o600);
});

it('refuses to set the first password without the link that was printed', async () => {
  const stranger = await aPerson(browser);
  await stranger.page.goto(`${url}/if/flow/initial-setup/?token=guessed`);
  await stranger.page.waitForSelector('h1:has-text("Access denied")');
  await stranger.leave();
});

it('prints a link on which the administrator sets the first password, once, and is signed in', async () => {
  const link = printedLink() ?? '';
  expect(link).toContain(url);
  const admin = await aPerson(browser);
  await admin.page.goto(link);
  await admin.page.waitForSelector('input[name=password]');
  await picture(admin.page, 'initial setup');
  await admin.page.fill('input[name=email]', 'admin@example.com');
  await admin.page.fill('input[name=password]', PASSWORD);
  await admin.page.fill('input[name=password_repeat]', PASSWORD);
  await admin.page.keyboard.press('Enter');
  await admin.page.waitForURL(`${url}/if/user/**`);
  await admin.page.waitForSelector('text=akadmin');
  expect(admin.complaints).toEqual([]);
  await admin.leave();

  const second = await aPerson(browser);
  await second.page.goto(link);
  await second.page.waitForSelector('h1:has-text("Access denied")');
  await second.leave();
});

it('goes on where a killed process stopped, on the database that it left running', async () => {
  await postern.kill();
  await postern.start();
  expect(postern.output()).toContain('"adopted":true');
  expect(await signIn({ url, username: 'akadmin', password: PASSWORD })).toBeDefined();
});

it('stops its database when it is told to stop', async () => {
  expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(true);
  expect(await postern.stop()).toBe(0);
  expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(false);
});
