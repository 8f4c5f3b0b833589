import type { Database } from '@postern/database';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { Standing, StatusGate } from '../accounts/index.ts';
import { mayImpersonate } from './impersonation.rule.ts';
import { type SessionRow, sessionsIn } from './session.repository.ts';

/** What reading sessions needs. */
export type SessionReaderDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly gate: StatusGate;
  readonly clock: { now(): Date };
};

/** A session that somebody is signed in to, who still may be. */
export type LiveSession = {
  readonly session: SessionRow;
  /** Who they are taken for: themselves, or whom they act as. */
  readonly standing: Standing;
  /** Who really acts, where that is somebody else. */
  readonly impersonator?: Standing;
};

/** Reads sessions. */
export type SessionReader = {
  /** The session of a key; undefined when it is over, nobody is signed in to it, or they may not be any more. */
  find(tenant: string, key: string, call?: Call): Promise<LiveSession | undefined>;
  /** The same, for a browser that uses it now: notes when, from where and with what, once a minute. */
  use(tenant: string, key: string, call: Call): Promise<LiveSession | undefined>;
  /** What services that wait for a flow are told. */
  facts(tenant: string, key: string): Promise<auth.SessionFacts | undefined>;
};

/** How often a session's last use is written. */
const TOUCH_EVERY_MS = 60_000;

/** Creates the reader. */
export function createSessionReader({ database, gate, clock }: SessionReaderDeps): SessionReader {
  async function find(tenant: string, key: string, call?: Call): Promise<LiveSession | undefined> {
    const session = await database.read({ tenant }, (em) => sessionsIn(em).find(key, clock.now()));
    const standing = session && (await gate.admit(tenant, session.user, call));
    if (!session || !standing || session.impersonated === null) return session && standing && { session, standing };
    // Asked again each time: whoever may not act as somebody any more has no session, rather than a surprise.
    const other = await gate.find(tenant, session.impersonated, call);
    return other && mayImpersonate(standing, other) ? { session, standing: other, impersonator: standing } : undefined;
  }
  return {
    find,
    async use(tenant, key, call) {
      const live = await find(tenant, key, call);
      const now = clock.now();
      const before = new Date(now.getTime() - TOUCH_EVERY_MS);
      if (live && live.session.lastUsed <= before) {
        const { address, userAgent } = call.context.client;
        await database.write({ tenant }, (em) => sessionsIn(em).touch(key, { now, before, address, userAgent }));
      }
      return live;
    },
    async facts(tenant, key) {
      const live = await find(tenant, key);
      return live && factsOf(live);
    },
  };
}

function factsOf({ session, standing, impersonator }: LiveSession): auth.SessionFacts {
  const { key, since, method, methodArgs } = session;
  const hasSecondFactor = 'mfa_devices' in methodArgs || method === 'auth_mfa';
  const methods = hasSecondFactor && method !== 'auth_mfa' ? [method, 'auth_mfa'] : [method];
  return {
    session: key,
    user: standing.user,
    impersonator: impersonator?.user,
    auth_time: since.toISOString(),
    methods,
    amr: [...new Set([...(AMR[method] ?? []), ...(hasSecondFactor ? ['mfa'] : [])])],
  };
}

/** Words of RFC 8176 for how somebody signed in. */
const AMR: Readonly<Record<string, readonly string[]>> = {
  password: ['pwd'],
  token: ['pwd'],
  ldap: ['pwd'],
  auth_mfa: ['mfa'],
  auth_webauthn_pwl: ['hwk', 'user'],
};
