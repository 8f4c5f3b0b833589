/** What a client may know before it asks for anything: OpenID Connect Discovery, and the keys that verify tokens. */

import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Clients } from '../../clients/index.ts';
import { welcomeOrigin } from '../origins/index.ts';
import type { Clock } from '../ports.ts';
import type { PublishedKeys } from '../signing/index.ts';
import { documentOf } from './document.ts';

export type DiscoveryDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly publishedKeys: PublishedKeys;
  readonly clock: Clock;
};

/** What clients read about a provider, by the slug of its application. All throw NOT_FOUND. */
export type Discovery = {
  document(slug: string, call: Call): Promise<providers.DiscoveryDocument>;
  keys(slug: string, call: Call): Promise<providers.JsonWebKeySet>;
  /** Path of the document. */
  path(slug: string, call: Call): Promise<string>;
};

/** Creates discovery. Only what is served is advertised. */
export function createDiscovery({ db, clients, publishedKeys, clock }: DiscoveryDeps): Discovery {
  const find = (slug: string, call: Call) => db.read(call.context, (em) => clients.findBySlug(em, slug));
  return {
    async document(slug, call) {
      const client = await find(slug, call);
      if (!client) throw common.NOT_FOUND();
      welcomeOrigin(client, call);
      return documentOf(client, slug, call);
    },
    keys: (slug, call) =>
      db.read(call.context, async (em) => {
        const client = await clients.findBySlug(em, slug);
        if (!client) throw common.NOT_FOUND();
        return { keys: await publishedKeys.list(em, client, clock.now()) };
      }),
    async path(slug, call) {
      if (!(await find(slug, call))) throw common.NOT_FOUND();
      return `/application/o/${slug}/.well-known/openid-configuration`;
    },
  };
}
