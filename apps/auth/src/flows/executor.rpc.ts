import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Executor, FlowRequest } from '../plans/index.ts';
import { encodeChallenge } from './challenge.codec.ts';
import { clientOf, requesterOf, sessionOf } from './flow.call.ts';

/** Serves the executor: one RPC to ask, one to answer. */
export function createExecutorRpc(execute: Executor): BoundService {
  const run = async (request: Omit<FlowRequest, keyof CallParts>, call: Call): Promise<auth.ChallengeTypes> => {
    const answer = await execute({ ...request, ...partsOf(call) });
    for (const cookie of answer.session?.cookies ?? []) call.response.cookie(cookie);
    if (answer.kind === 'challenge') return encodeChallenge(answer.challenge);
    call.response.redirect(answer.location);
    return {};
  };
  return bind(auth.FlowExecutorServiceDefinition, {
    getChallenge: ({ flow_slug, query }, call) => run({ slug: flow_slug, query, method: 'GET' }, call),
    solveChallenge: ({ flow_slug, query, response }, call) =>
      run({ slug: flow_slug, query, method: 'POST', answer: response }, call),
  });
}

type CallParts = Pick<
  FlowRequest,
  'tenant' | 'url' | 'next' | 'session' | 'requester' | 'client' | 'deadline' | 'signal'
>;

function partsOf(call: Call): CallParts {
  const { tenant, client } = call.context;
  return {
    tenant,
    url: client.query === '' ? client.path : `${client.path}?${client.query}`,
    next: new URLSearchParams(client.query).getAll('next').at(-1),
    session: sessionOf(call),
    requester: requesterOf(call),
    client: clientOf(call),
    deadline: call.deadline,
    signal: call.signal,
  };
}
