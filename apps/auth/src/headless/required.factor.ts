import type { DeviceStore } from '../devices/index.ts';
import type { Answer } from './headless.answer.ts';
import { problem } from './headless.problems.ts';
import type { Visit } from './headless.visit.ts';

/** Whoever must have a second factor, and has none, does nothing else before. */
export const WITHOUT_FACTOR: Answer = { kind: 'plain', status: 403, errors: [problem('mfa_register')] };

/** Whether whoever is signed in has no second factor where the tenant wants everybody to have one. */
export async function lacksFactor(
  { devices }: { readonly devices: Pick<DeviceStore, 'has'> },
  { settings, tenant, person }: Visit,
): Promise<boolean> {
  return settings.enforce_mfa && person !== undefined && !(await devices.has(tenant, person.pk));
}
