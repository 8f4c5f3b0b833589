import { DEVICE_MODELS, type Device } from '../../devices/index.ts';
import type { ContextPatch, JsonObject, JsonValue, PlanContext } from '../../plans/index.ts';
import type { StageAccount } from '../stage.ports.ts';

/** What the plan knows once a second factor was proved. How somebody signed in stays what it was, if anything was before. */
export function provedWith(context: PlanContext, device: Device): ContextPatch {
  const args = context.auth_method_args ?? {};
  const before: readonly JsonValue[] = Array.isArray(args.mfa_devices) ? args.mfa_devices : [];
  return {
    auth_method: context.auth_method ?? 'auth_mfa',
    auth_method_args: { ...args, mfa_devices: [...before, factsOf(device)] },
  };
}

/** What the plan knows once a passkey said who somebody is. */
export function provedBy(account: StageAccount, device: Device): ContextPatch {
  const { pk, uuid, username } = account;
  return {
    pending_user: { kind: 'account', pk, uuid, username },
    pending_user_identifier: undefined,
    identifier_until_proved: undefined,
    auth_method: 'auth_webauthn_pwl',
    auth_method_args: { device: factsOf(device) },
  };
}

/** A device as events name it. */
function factsOf({ pk, name, ...device }: Device): JsonObject {
  const [app = '', model_name = ''] = DEVICE_MODELS[device.class].model.split('.');
  return { app, model_name, pk, name };
}
