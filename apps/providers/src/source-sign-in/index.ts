/**
 * Signing in by what other identity providers say: the client side of OpenID Connect, for the sources that are kept in `sources`. The service that
 * owns sessions begins a sign-in and keeps what it is given, sealed, in the session of the browser; with what comes back it asks who it is. Everything
 * that a source is asked goes out by `@postern/egress`. Decision 256.
 */

import type { Database } from '@postern/database';
import type { Egress } from '@postern/egress';
import type { BoundService } from '@postern/rpc';
import { type Clock, createOnce, createRemoteKeys } from '../oauth2/index.ts';
import { createBegunStates } from './begun.state.ts';
import { createDiscovery } from './discovery.ts';
import { createDocumentReader } from './document.reader.ts';
import { createVerifyIdToken } from './id-token.verifier.ts';
import { createSignInSources } from './sign-in-source.repository.ts';
import { bindSourceSignIn } from './source-sign-in.rpc.ts';

export { sourceSignInErrors } from './source-sign-in.errors.ts';

/** Creates the service. */
export function createSourceSignIn(deps: {
  db: Pick<Database, 'read' | 'write' | 'secrets'>;
  egress: Pick<Egress, 'call'>;
  clock: Clock;
}): BoundService {
  const { db, egress, clock } = deps;
  const read = createDocumentReader(egress);
  return bindSourceSignIn({
    sources: createSignInSources(db),
    states: createBegunStates({ secrets: db.secrets, clock }),
    discover: createDiscovery({ read, clock }),
    read,
    verify: createVerifyIdToken({ remoteKeys: createRemoteKeys({ egress, clock }), once: createOnce({ db }), clock }),
  });
}
