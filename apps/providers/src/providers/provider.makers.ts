import type { providers } from '@postern/proto';
import type { Client, Origin } from '@postern/rpc';
import { OAUTH2_KIND, SCIM_KIND } from './provider.kinds.ts';

/** Makes providers of one kind as a client of the API does, from the fields of its message. */
export type ProviderMaker = {
  /** Full name of the message. */
  readonly type: string;
  /** Throws field errors. */
  create(fields: Readonly<Record<string, unknown>>, origin: Origin): Promise<{ readonly pk: number }>;
};

/** The services that providers are made by. */
export type ProviderClients = {
  readonly oauth2: Pick<Client<providers.OAuth2ProviderServiceDefinition>, 'createOAuth2Provider'>;
  readonly scim: Pick<Client<providers.SCIMProviderServiceDefinition>, 'createSCIMProvider'>;
};

/** Makers of all kinds, by model label. */
export function createProviderMakers({ oauth2, scim }: ProviderClients): ReadonlyMap<string, ProviderMaker> {
  return new Map<string, ProviderMaker>([
    [
      OAUTH2_KIND.model,
      {
        type: 'postern.providers.v1.OAuth2Provider',
        create: (oauth2_provider, origin) => oauth2.createOAuth2Provider({ oauth2_provider }, origin),
      },
    ],
    [
      SCIM_KIND.model,
      {
        type: 'postern.providers.v1.SCIMProvider',
        create: (scim_provider, origin) => scim.createSCIMProvider({ scim_provider }, origin),
      },
    ],
  ]);
}
