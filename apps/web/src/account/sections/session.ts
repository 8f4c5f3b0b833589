import { flagOf, numberOf, textOf, wireOf } from '../../executor/wire.codec.ts';

/** Somewhere that somebody is signed in. */
export type Session = {
  readonly id: number;
  readonly isCurrent: boolean;
  readonly agent: string;
  readonly address: string;
  /** Seconds since 1970; 0 where it is not kept. */
  readonly createdAt: number;
  readonly seenAt: number;
};

/** Reads an entry of `/auth/sessions`. */
export function decodeSession(value: unknown): Session {
  const wire = wireOf(value);
  return {
    id: numberOf(wire, 'id'),
    isCurrent: flagOf(wire, 'is_current'),
    agent: textOf(wire, 'user_agent'),
    address: textOf(wire, 'ip'),
    createdAt: numberOf(wire, 'created_at'),
    seenAt: numberOf(wire, 'last_seen_at'),
  };
}

// The order counts: each of them calls itself what comes after it as well.
const BROWSERS = [
  ['Edge', /\bEdgA?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//],
] as const;

const SYSTEMS = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** What a program calls itself, as people would: `Firefox 142` and `Linux`; each empty where it does not say. */
export function readAgent(agent: string): { browser: string; system: string; isPhone: boolean } {
  const [name, pattern] = BROWSERS.find(([, sign]) => sign.test(agent)) ?? [];
  const [system = ''] = SYSTEMS.find(([, sign]) => sign.test(agent)) ?? [];
  const version = pattern?.exec(agent)?.[1] ?? '';
  return {
    browser: name ? `${name} ${version}` : '',
    system,
    isPhone: ['iPhone', 'iPad', 'Android'].includes(system),
  };
}
