import type { auth } from '@postern/proto';
import { asService, type Client, type ServiceName } from '@postern/rpc';
import { type Challenge, type CompletionPort, planErrors, redirectChallenge } from '../plans/index.ts';

/** Who is signed in to a session, as a service that waits for a flow is told. Undefined for a session nobody is signed in to. */
export type SessionFactsReader = {
  readonly facts: (tenant: string, session: string) => Promise<auth.SessionFacts | undefined>;
};

/** What completing flows needs. */
export type CompletionDeps = {
  readonly clientOf: (service: ServiceName) => Pick<Client<auth.FlowCompletionServiceDefinition>, 'complete'>;
  readonly sessions: SessionFactsReader;
};

const SERVICES: readonly ServiceName[] = ['auth', 'directory', 'providers', 'tasks'];

/** Tells services that the flow they started is done, and shows where they send the person. */
export function createCompletions({ clientOf, sessions }: CompletionDeps): CompletionPort {
  return {
    complete: async ({ service, reference }, { tenant, session, consented }) => {
      const name = SERVICES.find((each) => each === service);
      if (name === undefined) throw new TypeError(`a flow was started by an unknown service, ${service}`);
      const facts = await sessions.facts(tenant, session);
      if (facts === undefined) throw planErrors.SESSION_REQUIRED();
      const request = { reference, session: facts, consented: [...consented] };
      return challengeOf(await clientOf(name).complete(request, asService(tenant)));
    },
  };
}

function challengeOf({ redirect, form_post }: auth.CompleteResponse): Challenge {
  if (form_post === undefined) return redirectChallenge(redirect ?? '/');
  const { url, attrs, title } = form_post;
  return { type: 'native', component: 'ak-stage-autosubmit', url, attrs, title };
}
