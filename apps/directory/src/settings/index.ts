/** Settings of a tenant: how avatars are made, what people may change about themselves, links below the pages. */

import type { EntityManager } from '@postern/database';

export { SETTINGS_MIGRATIONS } from './settings.migrations.ts';

/** A link below the pages. */
export type FooterLink = { readonly href: string; readonly name: string };

/** What a tenant has set, or the defaults. */
export type TenantSettings = {
  /** Ways to find a picture, the first that has one wins: `initials`, `gravatar`, `attributes.<path>`, `none`, or an address. */
  readonly avatars: string;
  readonly footerLinks: readonly FooterLink[];
};

/** Reads the settings of the tenant of a transaction. */
export type Settings = { read(em: EntityManager): Promise<TenantSettings> };

const DEFAULTS: TenantSettings = { avatars: 'initials', footerLinks: [] };

type Row = { avatars: string; footer_links: unknown };

/** Creates the reader of settings. */
export function createSettings(): Settings {
  return {
    async read(em) {
      const [row] = await em.execute<Row[]>('select avatars, footer_links from settings');
      return row ? { avatars: row.avatars, footerLinks: readLinks(row.footer_links) } : DEFAULTS;
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
