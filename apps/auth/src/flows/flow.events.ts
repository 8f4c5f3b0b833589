import type { Database } from '@postern/database';
import { actorOf, defineEvent, type EventContext, type Fact, fact, type Outbox, redactQuery } from '@postern/messaging';
import { auth } from '@postern/proto';
import { recordedFact } from '@postern/resource';
import { consentFact } from '../consents/index.ts';
import type { FlowRequest } from '../plans/index.ts';
import type { StageFact, StageFacts, StageProblems } from '../stages/index.ts';

/** Somebody did not prove who they are. */
export const LOGIN_FAILED = defineEvent('auth.v1.session.login_failed', auth.SessionLoginFailed);
/** A flow wrote a user. */
export const USER_WRITTEN = defineEvent('auth.v1.user.written', auth.UserWritten);
/** Somebody consented to what an application asks for. */
export const CONSENT_GRANTED = defineEvent('auth.v1.consent.granted', auth.ConsentGranted);

const LONGEST_MASK = 32;

/** Creates what records the facts of stages: in the outbox, in the transaction that advances the plan. */
export function createStageFacts(outbox: Pick<Outbox, 'record'>): StageFacts {
  return {
    record: async (tx, stageFact, request) => {
      await outbox.record(tx, contextOf(request), [factOf(stageFact), ...auditFacts(stageFact)]);
    },
  };
}

/** Creates what tells administrators of stages that are set up wrong. */
export function createStageProblems(deps: {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
}): StageProblems {
  return {
    tell: async (request, { message, app, details = {} }) => {
      const fact = recordedFact('auth', { action: 'configuration_error', app, context: { message, ...details } });
      await deps.database.write({ tenant: request.tenant }, (em) => deps.outbox.record(em, contextOf(request), fact));
    },
  };
}

/** Creates what a flow that broke is reported to: the log knows why, the audit log knows that, and under which id. */
export function createFlowFailures(deps: {
  readonly database: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly report: (error: unknown, request: FlowRequest) => void;
}): (error: unknown, request: FlowRequest) => void {
  return (error, request) => {
    deps.report(error, request);
    const { requestId } = request.client;
    const message = `The flow ${request.slug} failed. The log says why, under the request ${requestId}.`;
    const context = { message, flow: request.slug, request_id: requestId };
    const fact = recordedFact('auth', { action: 'system_exception', app: 'authentik.flows.views.executor', context });
    const told = deps.database.write({ tenant: request.tenant }, (em) =>
      deps.outbox.record(em, contextOf(request), fact),
    );
    told.catch((cause: unknown) => deps.report(cause, request));
  };
}

function factOf(stageFact: StageFact): Fact {
  switch (stageFact.kind) {
    case 'login_failed': {
      const { pk, name, model } = stageFact.stage;
      const password = '*'.repeat(Math.min(stageFact.passwordLength, LONGEST_MASK));
      const { class: device_class = '', details } = stageFact.device ?? {};
      const stage = { pk: pk ?? '', name, model };
      return fact(LOGIN_FAILED, { username: stageFact.username, password, stage, device_class, details });
    }
    case 'user_written': {
      const { user, created, fields } = stageFact;
      return fact(USER_WRITTEN, { user, created, fields: [...fields] });
    }
    case 'consent_granted': {
      const { user, application, permissions, expires } = stageFact;
      const ends = expires?.toISOString();
      return fact(CONSENT_GRANTED, { user, application, permissions: [...permissions], expires: ends });
    }
    case 'invitation_used': {
      const context = { invitation_uuid: stageFact.invitation.replaceAll('-', '') };
      return recordedFact('auth', { action: 'invitation_used', app: 'authentik.events.signals', context });
    }
  }
}

/** What the audit log is told besides: a consent is an object of the contract. */
function auditFacts(stageFact: StageFact): Fact[] {
  if (stageFact.kind !== 'consent_granted') return [];
  const { stored, names } = stageFact;
  return [consentFact(stored.isNew ? 'created' : 'updated', stored.pk, names)];
}

/** Who and where the facts of a flow come from: whoever is signed in, and their browser. */
export function contextOf({ tenant, requester, client, method, url, query }: FlowRequest): EventContext {
  const user = requester && {
    pk: requester.pk,
    uuid: requester.uuid,
    username: requester.username,
    email: '',
    name: '',
  };
  const parameters = [...new URLSearchParams(redactQuery(query))].filter(
    ([name]) => !/token|key|secret|pass|code/i.test(name),
  );
  return {
    tenant,
    actor: actorOf(
      user ? { kind: 'user', user, impersonator: requester.impersonator, via: 'session' } : { kind: 'anonymous' },
    ),
    client: {
      address: client.address,
      user_agent: client.userAgent,
      method,
      path: url.split('?', 1)[0] ?? url,
      query: Object.fromEntries(parameters),
      host: client.host,
    },
    requestId: client.requestId,
  };
}
