import { isUuid } from '@postern/database';
import { common } from '@postern/errors';
import type { directory } from '@postern/proto';
import { type Client, noClient, type Sealer } from '@postern/rpc';
import type { BrandFlows } from './select.flow.ts';

/** What asking for brands needs. */
export type BrandClientDeps = {
  readonly brands: Pick<Client<directory.BrandServiceDefinition>, 'getCurrentBrand'>;
  readonly reader: { readonly findFlow: (tenant: string, slug: string) => Promise<{ pk: string } | undefined> };
};

/** Asks the directory which flows the brand of a host names. A brand service that is not there names none. */
export function createBrandFlows({ brands, reader }: BrandClientDeps): BrandFlows {
  return {
    find: async (designation, call) => {
      const brand = await brands.getCurrentBrand({}, { call }).catch((error: unknown) => {
        if (common.UNIMPLEMENTED.is(error) || common.NOT_FOUND.is(error)) return undefined;
        throw error;
      });
      const named = brand && fieldOf(brand, designation);
      if (named === undefined || named === '' || isUuid(named)) return named === '' ? undefined : named;
      return (await reader.findFlow(call.context.tenant, named))?.pk;
    },
  };
}

/** What the brand of a host is called: shown by authenticators, in messages, as the issuer of codes. */
export type BrandTitles = { readonly title: (tenant: string, host: string) => Promise<string> };

/** What asking for the title needs. */
export type BrandTitleDeps = {
  readonly brands: Pick<Client<directory.BrandServiceDefinition>, 'getCurrentBrand'>;
  readonly sealer: Pick<Sealer, 'sealPrincipal' | 'sealClient'>;
};

/** Asks the directory, in the name of the login service, on the host that the person sees. */
export function createBrandTitles({ brands, sealer }: BrandTitleDeps): BrandTitles {
  return {
    title: async (tenant, host) => {
      const principal = sealer.sealPrincipal({ kind: 'service', tenant, name: 'auth' });
      const client = sealer.sealClient({ ...noClient(tenant, 'brand'), host });
      return (await brands.getCurrentBrand({}, { context: { principal, client } })).branding_title;
    },
  };
}

function fieldOf(brand: directory.CurrentBrand, designation: string): string | undefined {
  switch (designation) {
    case 'authentication':
      return brand.flow_authentication;
    case 'invalidation':
      return brand.flow_invalidation;
    case 'recovery':
      return brand.flow_recovery;
    case 'unenrollment':
      return brand.flow_unenrollment;
    default:
      return undefined;
  }
}
