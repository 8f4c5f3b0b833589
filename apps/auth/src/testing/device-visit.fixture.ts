/** A visit to a stage, for what is tried outside of a flow. */

import type { FlowClient, JsonObject, PlanContext, StageVisit } from '../plans/index.ts';

/** What a visit has that tests care about. */
export type VisitParts = {
  readonly host?: string;
  readonly context?: PlanContext;
  readonly memory?: JsonObject;
  readonly client?: Partial<FlowClient>;
};

/** A visit with these settings. */
export function aDeviceVisit<S>(tenant: string, settings: S, parts: VisitParts = {}): StageVisit<S> {
  const { host = 'id.example', context = {}, memory = {} } = parts;
  const client = {
    address: '192.0.2.1',
    userAgent: 'test',
    scheme: 'https',
    host,
    requestId: 'request-1',
    ...parts.client,
  };
  return {
    stage: { pk: null, name: 'a stage', kind: 'a_kind' },
    settings,
    step: 'step-1',
    context,
    memory,
    session: 'session-1',
    request: { tenant, slug: 'a-flow', method: 'POST', url: '/', query: '', client },
    flow: {
      pk: '00000000-0000-4000-8000-000000000001',
      policyTarget: '00000000-0000-4000-8000-000000000002',
      slug: 'a-flow',
      title: 'A flow',
      designation: 'authentication',
      authentication: 'none',
      deniedAction: 'message',
      policyMode: 'any',
      layout: 'stacked',
      background: '',
    },
  };
}
