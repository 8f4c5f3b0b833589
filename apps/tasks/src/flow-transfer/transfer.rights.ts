import { common } from '@postern/errors';
import type { Context } from '@postern/rpc';

/** What a flow is made of. */
const PARTS = [
  'authentik_flows.flow',
  'authentik_flows.flowstagebinding',
  'authentik_flows.stage',
  'authentik_policies.policy',
  'authentik_policies.policybinding',
  'authentik_stages_prompt.prompt',
];

/** Refuses those who may not view all that a flow is made of. Throws PERMISSION_DENIED. */
export function requireParts({ principal }: Pick<Context, 'principal'>) {
  if (principal.kind === 'user' && principal.superuser) return;
  const held = new Set(principal.kind === 'user' ? principal.permissions : []);
  const wanted = PARTS.map((part) => part.replace('.', '.view_'));
  if (wanted.some((permission) => !held.has(permission))) throw common.PERMISSION_DENIED();
}
