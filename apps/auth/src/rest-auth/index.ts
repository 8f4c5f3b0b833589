/**
 * The REST auth API: signing in for a key, tokens, addresses, passwords and signing up, in the shapes that programs of InvenTree know. It is a third
 * view of the engine: sessions, rules of passwords, counters and mails are those of the headless API. Decisions 260 to 262.
 */

import type { BoundService } from '@postern/rpc';
import { createRestEmailRpc } from './email.rpc.ts';
import { createRestPasswordRpc } from './password.rpc.ts';
import { createRestRegistrationRpc } from './registration.rpc.ts';
import type { RestParts } from './rest.parts.ts';
import { createRestRootRpc } from './root.rpc.ts';
import { createRestSessionRpc } from './session.rpc.ts';
import { createRestSocialRpc } from './social.rpc.ts';
import { createRestTokenRpc } from './token.rpc.ts';

export { restAuthErrors } from './rest.errors.ts';
export type { RestParts } from './rest.parts.ts';

/** Creates the services. */
export function createRestAuth(parts: RestParts): readonly BoundService[] {
  return [
    createRestSessionRpc(parts),
    createRestTokenRpc(parts),
    createRestRootRpc(parts),
    createRestEmailRpc(parts),
    createRestSocialRpc(parts),
    createRestPasswordRpc(parts),
    createRestRegistrationRpc(parts),
  ];
}
