import type { JsonObject } from '../plans/index.ts';
import type { Visit } from './headless.visit.ts';
import type { LoginPipeline } from './login.pipeline.ts';

/** What other areas add to the flows that are told. */
export type FlowSources = {
  /** Flows of identity providers, those that wait included. */
  readonly ofProviders: (visit: Visit) => Promise<readonly JsonObject[]>;
  /** Whether a reset of a password waits for its code. */
  readonly isResetWaiting: (visit: Visit) => boolean;
  /** Second factors of somebody: `recovery_codes`, `totp`, `webauthn`, in this order. */
  readonly factorsOf: (visit: Visit, user: number) => Promise<readonly string[]>;
  readonly hasPassword: (visit: Visit, user: number) => Promise<boolean>;
  readonly describe: LoginPipeline['describe'];
  readonly pending: LoginPipeline['pending'];
};

/** Tells clients how they can go on. */
export type Flows = {
  /** For whom nobody is signed in. `withPending` is false where nothing can wait any more. */
  readonly anonymous: (visit: Visit) => Promise<readonly JsonObject[]>;
  /** For whoever has to show once more who they are. */
  readonly reauthentication: (visit: Visit, user: number) => Promise<readonly JsonObject[]>;
};

/** Creates the flows. */
export function createFlowList(sources: FlowSources): Flows {
  async function withPending(visit: Visit, flows: JsonObject[]): Promise<readonly JsonObject[]> {
    const login = sources.pending(visit);
    const { stage } = login ?? {};
    const pending =
      login === undefined || stage === undefined
        ? undefined
        : { id: stage, ...(await sources.describe(visit, login)), is_pending: true };
    const isListed = flows.some(({ id }) => id === stage);
    const listed = isListed
      ? flows.map((flow) => (flow.id === stage ? { ...flow, is_pending: true } : flow))
      : [...flows, ...(pending === undefined ? [] : [pending])];
    if (!visit.settings.password_reset_by_code_enabled) return listed;
    return [...listed, { id: 'password_reset_by_code', is_pending: sources.isResetWaiting(visit) }];
  }
  return {
    async anonymous(visit) {
      const { settings } = visit;
      return withPending(visit, [
        { id: 'login' },
        ...(settings.login_by_code_enabled ? [{ id: 'login_by_code' }] : []),
        ...(settings.signup_open ? [{ id: 'signup' }] : []),
        ...(await sources.ofProviders(visit)),
        ...(settings.mfa_passkey_login_enabled ? [{ id: 'mfa_login_webauthn' }] : []),
      ]);
    },
    async reauthentication(visit, user) {
      const types = await sources.factorsOf(visit, user);
      return withPending(visit, [
        ...((await sources.hasPassword(visit, user)) ? [{ id: 'reauthenticate' }] : []),
        ...(types.length > 0 ? [{ id: 'mfa_reauthenticate', types: [...types] }] : []),
      ]);
    },
  };
}
