import { environment } from '@postern/config';
import type { Browser, LaunchOptions } from 'playwright-core';

/** Starts a headless Chromium: that of the system, or the one that CHROMIUM_PATH names. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  // Most tests need no browser, and its driver takes a while to load.
  const { chromium } = await import('playwright-core');
  const executablePath = environment().CHROMIUM_PATH ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'], ...options });
}
