import type { Executor, FlowClient, PolicyPort, PolicyRequest, PolicyVerdict } from '../plans/index.ts';
import type { Denials } from '../policies/index.ts';

/** Follows what policies say about a request, so that a denial can be explained. */
export type DenialTrace = {
  /** The same policies, listened to. */
  readonly policies: PolicyPort;
  /** The same executor; whom it denies is told to the audit log. */
  readonly traced: (execute: Executor) => Executor;
};

type Heard = { readonly request: PolicyRequest; readonly verdict: PolicyVerdict };

/**
 * Creates the listener. Decisions belong to the request whose client they were asked with: that object goes with a request wherever it goes.
 */
export function createDenialTrace({ policies, denials }: { policies: PolicyPort; denials: Denials }): DenialTrace {
  const listening = new WeakMap<FlowClient, Heard[]>();
  return {
    policies: {
      async evaluate(request) {
        const verdict = await policies.evaluate(request);
        listening.get(request.client)?.push({ request, verdict });
        return verdict;
      },
    },
    traced: (execute) => async (request) => {
      const heard: Heard[] = [];
      listening.set(request.client, heard);
      const answer = await execute(request);
      const reason = answer.kind === 'challenge' ? reasonOf(answer.challenge) : undefined;
      const user = heard.at(-1)?.request.user;
      if (reason !== undefined && user?.kind === 'account') {
        const { tenant, client, slug } = request;
        const flow = heard.at(-1)?.request.flow ?? '';
        const object = { app: 'authentik_flows', model_name: 'flow', pk: flow, name: slug };
        await denials.record({ tenant, user, client, object, reason, decisions: heard.map(decisionOf) });
      }
      return answer;
    },
  };
}

/** What somebody was told who was denied. */
function reasonOf({ component, ...fields }: { readonly component: string }): string | undefined {
  if (component !== 'ak-stage-access-denied') return undefined;
  return 'error_message' in fields ? String(fields.error_message) : '';
}

function decisionOf({ request: { target, mode }, verdict: { passing, trace = [] } }: Heard) {
  return { target, mode, passing, trace };
}
