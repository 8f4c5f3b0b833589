import type { HeadlessParts } from '../headless.parts.ts';
import { type ConnectedAccounts, createConnectedAccounts } from './connected.accounts.ts';
import { createSourceClient, type SourceClient } from './source.client.ts';

/** What operations of identity providers are made of. */
export type SocialParts = HeadlessParts & {
  readonly sourceClient: SourceClient;
  readonly accountsElsewhere: ConnectedAccounts;
};

/** Puts them together. */
export function socialPartsOf(parts: HeadlessParts): SocialParts {
  return {
    ...parts,
    sourceClient: createSourceClient(parts.sources),
    accountsElsewhere: createConnectedAccounts(parts),
  };
}
