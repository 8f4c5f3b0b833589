import type { Database, EntityManager } from '@postern/database';
import type { JsonObject } from '../attributes/index.ts';
import { encodeLooks, type PageLooks, titleOf } from './brand.codec.ts';
import { fallbackBrand, findBrandOf } from './brand.repository.ts';

/** Brands, as the rest of the directory needs them. */
export type Brands = {
  /** What the edge shows at a host before it knows anything else: how pages look, and the key pair of the server. */
  shownAt(tenant: string, host: string): Promise<{ looks: PageLooks; web_certificate: string | undefined }>;
  /** Free-form properties of the brand that serves a host. */
  attributesOf(em: EntityManager, host: string): Promise<JsonObject>;
  /** What the brand that serves a host is called: `Default brand`, `Brand example.com`. */
  titleOf(em: EntityManager, host: string): Promise<string>;
};

/** Creates the reader of brands. */
export function createBrands({ db }: { readonly db: Pick<Database, 'read'> }): Brands {
  const find = async (em: EntityManager, host: string) => (await findBrandOf(em, host)) ?? fallbackBrand();
  return {
    shownAt: (tenant, host) =>
      db.read({ tenant }, async (em) => {
        const brand = await find(em, host);
        return { looks: encodeLooks(brand), web_certificate: brand.webCertificate ?? undefined };
      }),
    attributesOf: async (em, host) => (await find(em, host)).attributes,
    titleOf: async (em, host) => titleOf(await find(em, host)),
  };
}
