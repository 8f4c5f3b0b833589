import type { JsonObject } from '../../plans/index.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import type { Login } from '../headless.state.ts';
import type { LoginStage } from '../login.pipeline.ts';
import { typesOf } from './authenticators.ts';
import type { TrustedBrowsers } from './trusted.browsers.ts';

/**
 * Asks for a second factor whomever flows would ask for one, unless a passkey took its place, or the browser is trusted. Whoever has only
 * devices that this API cannot ask for, such as Duo, signs in by a flow: this is no way around it.
 */
export function createMfaStage({ devices }: Pick<HeadlessEngine, 'devices'>, trusted: TrustedBrowsers): LoginStage {
  return {
    id: 'mfa_authenticate',
    async enter(visit, login) {
      if (login.user === undefined || isPasswordless(login)) return { kind: 'pass' };
      if (!(await devices.has(visit.tenant, login.user))) return { kind: 'pass' };
      if (await trusted.isTrusted(visit, login.user)) return { kind: 'pass' };
      return { kind: 'wait', memory: {} };
    },
    async describe({ tenant }, { user }): Promise<JsonObject> {
      return user === undefined ? {} : { types: typesOf(await devices.ofUser(tenant, user)) };
    },
  };
}

/** Asks a browser whether it is to be trusted, when a second factor was asked for in it just now. */
export function createMfaTrustStage(): LoginStage {
  return {
    id: 'mfa_trust',
    async enter({ kind, settings }, { memory }) {
      const wasCode = settings.login_by_code_trust_enabled && memory.login_by_code !== undefined;
      const wasAsked = memory.mfa_authenticate !== undefined || wasCode;
      const isOffered = settings.mfa_trust_enabled && kind === 'browser' && wasAsked;
      return isOffered ? { kind: 'wait', memory: {} } : { kind: 'pass' };
    },
  };
}

function isPasswordless({ methods }: Login): boolean {
  return methods.some(({ passwordless }) => passwordless === true);
}
