import { dummyFamily } from './dummy/index.ts';
import { eventMatcherFamily } from './event-matcher/index.ts';
import { expressionFamily } from './expression/index.ts';
import { passwordFamily } from './password/index.ts';
import { passwordExpiryFamily } from './password-expiry/index.ts';
import type { PolicyModel } from './policy.model.ts';
import { reputationFamily } from './reputation/index.ts';

/** Every kind of policy that this server has, as the API calls it. */
export const POLICY_MODELS: readonly PolicyModel[] = [
  dummyFamily.model,
  eventMatcherFamily.model,
  expressionFamily.model,
  passwordFamily.model,
  passwordExpiryFamily.model,
  reputationFamily.model,
];
