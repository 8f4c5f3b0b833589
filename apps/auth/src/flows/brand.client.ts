import { isUuid } from '@postern/database';
import { common } from '@postern/errors';
import type { directory } from '@postern/proto';
import type { Client } from '@postern/rpc';
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
