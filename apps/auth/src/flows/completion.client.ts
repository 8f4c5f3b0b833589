import type { auth } from '@postern/proto';
import { asService, type Client, type ServiceName } from '@postern/rpc';
import {
  type CompletionOutcome,
  type CompletionPort,
  planErrors,
  redirectChallenge,
  type StepStage,
} from '../plans/index.ts';

/** Who is signed in to a session, as a service that waits for a flow is told. Undefined for a session nobody is signed in to. */
export type SessionFactsReader = {
  readonly facts: (tenant: string, session: string) => Promise<auth.SessionFacts | undefined>;
};

/** What completing flows needs. */
export type CompletionDeps = {
  readonly clientOf: (service: ServiceName) => Pick<Client<auth.FlowCompletionServiceDefinition>, 'complete'>;
  readonly sessions: SessionFactsReader;
};

/** Says that the device goes on by itself. */
const DEVICE_FINISHED: StepStage = {
  kind: 'inline',
  name: 'device code finish',
  stage: 'device_code_finish',
  settings: {},
};

const SERVICES: readonly ServiceName[] = ['auth', 'directory', 'providers', 'tasks'];

/** Tells services that the flow they started is done, and shows where they send the person. */
export function createCompletions({ clientOf, sessions }: CompletionDeps): CompletionPort {
  return {
    complete: async ({ service, reference }, { tenant, session, consented, declined = false }) => {
      const name = SERVICES.find((each) => each === service);
      if (name === undefined) throw new TypeError(`a flow was started by an unknown service, ${service}`);
      const facts = await sessions.facts(tenant, session);
      if (facts === undefined) throw planErrors.SESSION_REQUIRED();
      const request = { reference, session: facts, consented: [...consented], declined };
      return outcomeOf(await clientOf(name).complete(request, asService(tenant)));
    },
  };
}

function outcomeOf({ redirect, form_post, device_finished }: auth.CompleteResponse): CompletionOutcome {
  if (device_finished !== undefined) return { kind: 'stage', stage: DEVICE_FINISHED };
  if (form_post === undefined) return { kind: 'challenge', challenge: redirectChallenge(redirect ?? '/') };
  const { url, attrs, title } = form_post;
  return { kind: 'challenge', challenge: { type: 'native', component: 'ak-stage-autosubmit', url, attrs, title } };
}
