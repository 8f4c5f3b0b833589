import { useEffect, useState } from 'react';
import { textOf, wireOf } from '../executor/wire.codec.ts';

/** The parts of a person's own settings, by the names that existing links have for them. */
export const SECTIONS = [
  'page-details',
  'page-mfa',
  'page-sessions',
  'page-consents',
  'page-tokens',
  'page-sources',
] as const;

export type Section = (typeof SECTIONS)[number];

export type UserRoute = { readonly page: 'portal' } | { readonly page: 'settings'; readonly section: Section };

/** The address of the applications, within `/if/user/`. */
export const PORTAL_HREF = '#/';

/** The address of a part of the settings, within `/if/user/`. */
export function settingsHref(section: Section): string {
  return `#/settings;${section}`;
}

/**
 * What the part of an address after `#` shows. Links say the page as `;page-mfa` or as JSON, `;{"page":"page-mfa"}`; one that is
 * none of ours is that of a source, which links lead to after it was connected.
 */
export function parseUserRoute(hash: string): UserRoute {
  const [path = '', parameters = ''] = decoded(hash).replace(/^#/, '').split(/;(.*)/s);
  if (path.replace(/\/$/, '') !== '/settings') return { page: 'portal' };
  const page = parameters.startsWith('{') ? textOf(wireOf(parsed(parameters)), 'page') : parameters;
  const section = ALIASES.get(page) ?? SECTIONS.find((candidate) => candidate === page);
  return { page: 'settings', section: section ?? (page.startsWith('page-') ? 'page-sources' : 'page-details') };
}

const ALIASES: ReadonlyMap<string, Section> = new Map([['page-password', 'page-mfa']]);

function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What the address shows now. */
export function useUserRoute(): UserRoute {
  const [hash, setHash] = useState(window.location.hash);
  useEffect(() => {
    const follow = () => setHash(window.location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return parseUserRoute(hash);
}
