import type { ResourceDeps } from '@postern/resource';
import { type KindMethods, kindMethods } from '../families/index.ts';
import type { PolicyHead } from './policy.codec.ts';
import { policyFamily } from './policy.family.ts';
import type { PolicyKind } from './policy.model.ts';

/** Gives a kind of policy its verbs. */
export function policyMethods<S extends object, Message extends PolicyHead>(
  deps: ResourceDeps,
  { family: { model, type, settings }, check }: PolicyKind<S>,
  message: (head: PolicyHead, settings: S) => Message,
): KindMethods<Message> {
  const judge =
    check && ((given: S, { context: { tenant } }: { context: { tenant: string } }) => check(given, { tenant }));
  return kindMethods(deps, policyFamily, { model, type, settings, message, ...(judge && { check: judge }) });
}
