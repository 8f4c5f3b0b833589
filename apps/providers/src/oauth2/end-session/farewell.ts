import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '@postern/database';
import type { ClientFrame } from '../logout/index.ts';
import { FAREWELL_STYLE, FAREWELL_STYLE_SOURCE } from './farewell.style.ts';

/** A page that tells clients of a session by frames, and where it leads. */
export type Farewell = { readonly frames: readonly string[]; readonly to: string };

/** What carries a farewell from the answer that ended a session to the page. */
export type Farewells = {
  seal(farewell: Farewell, now: Date): string;
  /** Undefined for anything that was not sealed here a moment ago. */
  open(ticket: string, now: Date): Farewell | undefined;
};

const LIFETIME_MS = 120_000;
/** Frames at most: the address of the page has to stay one that browsers take. */
const MOST = 24;

/** Creates farewells. They are signed: nobody else gets frames or a way onward into a page of ours. */
export function createFarewells(secrets: readonly string[]): Farewells {
  const macs = secrets.map((secret) => {
    const key = deriveKey(secret, 'oauth2.farewell');
    return (text: string) => createHmac('sha256', key).update(text).digest();
  });
  const [sign] = macs;
  if (!sign) throw new TypeError('farewells need a secret');
  return {
    seal({ frames, to }, now) {
      const payload = { frames: frames.slice(0, MOST), to, until: now.getTime() + LIFETIME_MS };
      const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
      return `${text}.${sign(text).toString('base64url')}`;
    },
    open(ticket, now) {
      const [text = '', mac = ''] = ticket.split('.');
      const given = Buffer.from(mac, 'base64url');
      const isOurs = macs.some((each) => given.length === 32 && timingSafeEqual(each(text), given));
      if (!isOurs) return undefined;
      const { frames, to, until } = JSON.parse(Buffer.from(text, 'base64url').toString());
      return until > now.getTime() ? { frames, to } : undefined;
    },
  };
}

/** Address of a frame: Front-Channel Logout, section 2. */
export function frameAddress({ uri, sid, issuer }: ClientFrame): string {
  const url = new URL(uri);
  if (issuer !== undefined) url.searchParams.set('iss', issuer);
  url.searchParams.set('sid', sid);
  return url.href;
}

/** Seconds that the frames get before the page goes on. */
const PATIENCE = 2;

/** The page, and the policy that lets it show these frames and no other. It goes on by itself; a link does where that is switched off. */
export function farewellPage({ frames, to }: Farewell): { html: string; policy: string } {
  const shown = frames.map((frame) => `<iframe src="${escaped(frame)}" title="Signing out" hidden></iframe>`).join('');
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signing out</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="${PATIENCE};url=${escaped(to)}"><style>${FAREWELL_STYLE}</style>
</head><body><main><h1>Signing out</h1><p>Your applications are told that you sign out.</p><p><a href="${escaped(to)}">Continue</a></p></main>${shown}</body></html>`;
  const sources = [...new Set(frames.map(sourceOf))];
  const policy = [
    "default-src 'none'",
    `frame-src ${sources.join(' ') || "'none'"}`,
    `style-src ${FAREWELL_STYLE_SOURCE}`,
    "base-uri 'none'",
  ];
  return { html, policy: [...policy, "form-action 'none'", "frame-ancestors 'none'"].join('; ') };
}

/** An address as a source of a content security policy, which knows no query and takes these two signs for its own. */
function sourceOf(frame: string): string {
  const { origin, pathname } = new URL(frame);
  return `${origin}${pathname}`.replaceAll(';', '%3B').replaceAll(',', '%2C');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('<', '&lt;');
}
