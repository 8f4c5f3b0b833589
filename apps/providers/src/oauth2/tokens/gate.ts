import type { auth, directory } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { ApplicationPolicies, People, Sessions } from '../ports.ts';

/** Whether somebody may have tokens of a client now. */
export type GateQuestion = {
  readonly tenant: string;
  readonly client: OAuth2Client;
  readonly user: number;
  /** Session that the tokens hang on. */
  readonly session?: string;
  /** What policies may look at besides. */
  readonly context: Readonly<Record<string, unknown>>;
};

/** Who may, or why not. */
export type GateAnswer =
  | { readonly kind: 'open'; readonly person: directory.User }
  | {
      readonly kind: 'shut';
      readonly reason: 'user' | 'session' | 'application' | 'policy';
      readonly messages: readonly string[];
    };

/** The one gate before every code and every token, whatever the grant. */
export type Gate = (question: GateQuestion, call: Call) => Promise<GateAnswer>;

export type GateDeps = { readonly people: People; readonly sessions: Sessions; readonly policies: ApplicationPolicies };

/** Creates the gate: the client serves an application, its policies agree, the user is active, the session is alive and theirs. */
export function createGate({ people, sessions, policies }: GateDeps): Gate {
  return async ({ tenant, client, user, session, context }, call) => {
    const { application } = client;
    if (!application) return shut('application');
    const [person, facts, verdict] = await Promise.all([
      people.find(tenant, user, call),
      session === undefined ? undefined : sessions.find(tenant, session, call),
      policies.check({ tenant, application, user, context }, call),
    ]);
    if (!person?.is_active) return shut('user');
    if (session !== undefined && !isSignedIn(facts, user)) return shut('session');
    return verdict.passing ? { kind: 'open', person } : shut('policy', verdict.messages);
  };
}

/** Whoever acts as somebody else is signed in all the same. */
function isSignedIn(facts: auth.SessionFacts | undefined, user: number): boolean {
  return facts !== undefined && [facts.user?.pk, facts.impersonator?.pk].includes(user);
}

function shut(reason: 'user' | 'session' | 'application' | 'policy', messages: readonly string[] = []): GateAnswer {
  return { kind: 'shut', reason, messages };
}
