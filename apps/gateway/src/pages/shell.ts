import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { directory } from '@postern/proto';

/** The HTML of the single page application, filled for one request. */
export type Shell = { render(looks: directory.PageLooks | undefined): { html: string; nonce: string } };

const NONCE = '__POSTERN_NONCE__';
const BRAND = '__POSTERN_BRAND__';

/** Reads the page once; undefined where the web app is not built. */
export function loadShell(webDir: string): Shell | undefined {
  const file = join(webDir, 'index.html');
  if (!existsSync(file)) return undefined;
  const template = readFileSync(file, 'utf8');
  return {
    render(looks) {
      const nonce = randomBytes(16).toString('base64url');
      const brand = brandJson(looks);
      // Functions, because `$` means something in a replacement text.
      return { nonce, html: template.replaceAll(NONCE, () => nonce).replaceAll(BRAND, () => brand) };
    },
  };
}

/** JSON that cannot end the script element it stands in. */
function brandJson(looks: directory.PageLooks | undefined): string {
  const entries = Object.entries(looks ?? {}).filter(([, value]) => value !== '');
  return JSON.stringify(Object.fromEntries(entries))
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
