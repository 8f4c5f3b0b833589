import type { EntityManager } from '@postern/database';
import { readSettings } from './settings.repository.ts';

/** A link below the pages. */
export type FooterLink = { readonly href: string; readonly name: string };

/** What a tenant has set, or the defaults, as far as the rest of the directory lives by it. */
export type TenantSettings = {
  /** Ways to find a picture, the first that has one wins: `initials`, `gravatar`, `attributes.<path>`, `none`, or an address. */
  readonly avatars: string;
  readonly footerLinks: readonly FooterLink[];
  /** Whether administrators may act as somebody else. */
  readonly impersonation: boolean;
  /** Whether people may change their user name. */
  readonly changesUsername: boolean;
  /** Whether people may change their name. */
  readonly changesName: boolean;
};

/** Reads the settings of the tenant of a transaction. */
export type Settings = { read(em: EntityManager): Promise<TenantSettings> };

/** Creates the reader of settings. */
export function createSettings(): Settings {
  return {
    async read(em) {
      const { avatars, footer_links, impersonation, ...changes } = await readSettings(em);
      const { default_user_change_username: changesUsername, default_user_change_name: changesName } = changes;
      return { avatars, footerLinks: readLinks(footer_links), impersonation, changesUsername, changesName };
    },
  };
}

/** The column takes any JSON, as the contract does; what is no link is left out. */
function readLinks(value: unknown): FooterLink[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('href' in one) || !('name' in one)) return [];
    const { href, name } = one;
    return typeof href === 'string' && typeof name === 'string' ? [{ href, name }] : [];
  });
}
