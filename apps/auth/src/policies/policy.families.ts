import { dummyFamily } from './dummy/kind.ts';
import { eventMatcherFamily } from './event-matcher/kind.ts';
import { expressionFamily } from './expression/kind.ts';
import { passwordFamily } from './password/kind.ts';
import { passwordExpiryFamily } from './password-expiry/kind.ts';
import type { PolicyModel } from './policy.model.ts';
import { reputationFamily } from './reputation/kind.ts';

/** Model label that fields refer to policies of any kind by. */
export const POLICY_FAMILY = 'authentik_policies.policy';

/** Every kind of policy that this server has, as the API calls it. */
export const POLICY_MODELS: readonly PolicyModel[] = [
  dummyFamily.model,
  eventMatcherFamily.model,
  expressionFamily.model,
  passwordFamily.model,
  passwordExpiryFamily.model,
  reputationFamily.model,
];
