import { textOf, type Wire, wireOf } from '../executor/wire.codec.ts';

/** Somewhere that somebody is signed in. What is not known is empty. */
export type Session = {
  readonly uuid: string;
  readonly current: boolean;
  /** Such as `Firefox 142`. */
  readonly browser: string;
  /** Such as `Linux` or `iPhone`. */
  readonly system: string;
  readonly isPhone: boolean;
  /** What the program calls itself. */
  readonly agent: string;
  readonly address: string;
  readonly city: string;
  /** ISO 3166 code. */
  readonly country: string;
  readonly lastUsed: string;
};

/** Reads an entry of `/core/authenticated_sessions/`. */
export function decodeSession(value: unknown): Session {
  const wire = wireOf(value);
  const [agent, geo] = [wireOf(wire.user_agent), wireOf(wire.geo_ip)];
  const [browser, os, device] = [wireOf(agent.user_agent), wireOf(agent.os), wireOf(agent.device)];
  return {
    uuid: textOf(wire, 'uuid'),
    current: wire.current === true,
    browser: [known(browser, 'family'), textOf(browser, 'major')].filter(Boolean).join(' '),
    system: known(device, 'family') || known(os, 'family'),
    isPhone: /^(iOS|iPadOS|Android|Windows Phone|HarmonyOS)/.test(textOf(os, 'family')),
    agent: textOf(wire, 'last_user_agent'),
    address: textOf(wire, 'last_ip'),
    city: textOf(geo, 'city'),
    country: textOf(geo, 'country'),
    lastUsed: textOf(wire, 'last_used'),
  };
}

/** The contract has a word for what it does not know. */
function known(wire: Wire, key: string): string {
  const text = textOf(wire, key);
  return text === 'Other' ? '' : text;
}

/** This session first, then as they were used, the newest first. */
export function inOrder(sessions: readonly Session[]): readonly Session[] {
  return sessions.toSorted(
    (a, b) => Number(b.current) - Number(a.current) || Date.parse(b.lastUsed) - Date.parse(a.lastUsed),
  );
}

/** City and country in the reader's language, as far as they are known. */
export function placeOf({ city, country }: Pick<Session, 'city' | 'country'>, locale: string): string {
  const isCode = /^[A-Z]{2}$/.test(country);
  const name = isCode ? new Intl.DisplayNames([locale], { type: 'region' }).of(country) : country;
  return [city, name].filter(Boolean).join(', ');
}
