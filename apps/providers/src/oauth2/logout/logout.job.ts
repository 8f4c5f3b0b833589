import type { Database } from '@postern/database';
import { type Egress, EgressError } from '@postern/egress';
import { defineJob, FinalFailure, handles, type JobHandler } from '@postern/jobs';
import type { Clients, OAuth2Client } from '../../clients/index.ts';
import { subjectOf } from '../claims/index.ts';
import type { Clock } from '../ports.ts';
import type { LogoutPeople } from './logout.client.ts';
import { signLogoutToken } from './logout-token.ts';

/** Whom to tell of which session. */
export type LogoutOrder = {
  readonly provider: number;
  readonly user: number;
  readonly sid: string;
  readonly issuer: string;
};

/** Tells one client that a session is over. */
export const SEND_LOGOUT_TOKEN = defineJob<LogoutOrder>({
  name: 'providers.send_logout_token',
  attempts: 8,
  backoff: { firstMs: 2_000, maxMs: 900_000 },
  deadlineMs: 30_000,
});

export type LogoutJobDeps = {
  readonly db: Database;
  readonly clients: Clients;
  readonly people: LogoutPeople;
  /** The guarded way out: administrators enter the addresses. */
  readonly egress: Pick<Egress, 'call'>;
  readonly clock: Clock;
};

/** Creates the job that hands a logout token to a client: OpenID Connect Back-Channel Logout, section 2.5. */
export function createLogoutJob(deps: LogoutJobDeps): JobHandler {
  const { db, clients, people, clock } = deps;
  return handles(
    SEND_LOGOUT_TOKEN,
    async ({ provider, user, sid, issuer }, { tenant, id, attempt, signal }) => {
      const client = await db.read({ tenant }, (em) => clients.find(em, provider));
      if (!client || client.settings.backchannelLogoutUri === '')
        return { messages: ['The client wants to hear no more.'] };
      const person = await people.find(tenant, user);
      const subject = person && subjectOf(client, person);
      const facts = { issuer, subject, sid, id: `${id}.${attempt}`, issued: clock.now() };
      const status = await deliver(client, await signLogoutToken(client, facts), signal, deps);
      return { messages: [`${client.clientId} answered ${status}.`] };
    },
    {
      description: 'Tells clients of OAuth2 providers that a session is over.',
      task: 'oauth2_logout',
      uid: ({ provider, sid }) => `${provider}-${sid.slice(0, 8)}`,
      visible: 'on_failure',
    },
  );
}

/** Section 2.8: 200 is success, and some servers say it as 204. What a client refuses it will refuse again. */
async function deliver(
  { settings, clientId }: OAuth2Client,
  token: string,
  signal: AbortSignal,
  { egress }: LogoutJobDeps,
): Promise<number> {
  try {
    const { status } = await egress.call(settings.backchannelLogoutUri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      cutsBody: true,
      maxBytes: 4096,
      signal,
    });
    if (status >= 200 && status < 300) return status;
    const message = `${clientId} answered ${status}.`;
    throw status >= 500 || status === 408 || status === 429 ? new Error(message) : new FinalFailure(message);
  } catch (error) {
    const isHopeless =
      error instanceof EgressError && ['bad_address', 'internal_address', 'redirect'].includes(error.reason);
    throw isHopeless ? new FinalFailure(`${clientId}: ${error.message}`) : error;
  }
}
