import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

const SOURCE_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8" fill="#7a5af5"/></svg>';

export type PageSettings = { theme: 'automatic' | 'light' | 'dark'; locale: string };

/** The page with its placeholders filled, under the policy that README.md names. */
export function servePage(response: ServerResponse, dist: string, { theme, locale }: PageSettings): void {
  const nonce = randomBytes(16).toString('base64');
  const brand = JSON.stringify({ title: 'Postern', theme, locale }).replaceAll('<', '\\u003c');
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
    .replaceAll('__POSTERN_NONCE__', nonce)
    .replaceAll('__POSTERN_BRAND__', () => brand);
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: https:",
    "connect-src 'self' https:",
    "frame-src 'self' https:",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'form-action *',
  ].join('; ');
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(html);
}

export function serveStatic(path: string, dist: string, response: ServerResponse): void {
  if (path.startsWith('/static/authentik/sources/')) {
    return void response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(SOURCE_ICON);
  }
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type }).end(readFileSync(join(dist, path.replace('/static/dist/', ''))));
}
