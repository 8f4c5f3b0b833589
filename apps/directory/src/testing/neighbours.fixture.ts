/** The services beside the directory, as far as it asks them: they keep what they are told. */

import { auth, holdings, references, tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** What the neighbours were asked, and how they answer. */
export type Neighbourhood = {
  readonly services: Readonly<Record<'auth' | 'providers' | 'tasks', readonly BoundService[]>>;
  readonly passwords: auth.SetUserPasswordRequest[];
  readonly tokens: auth.CreateServiceTokenRequest[];
  /** Queries for series of events. */
  readonly queries: string[];
  /** Slugs of flows that exist, by key. */
  readonly flows: Map<string, string>;
  /** Whether an administrator gets in, as the login service says; and what it was asked. By default one does. */
  signIn: (request: auth.CheckSignInRequest) => auth.CheckSignInResponse;
  readonly signInChecks: auth.CheckSignInRequest[];
  /** What tasks says it can do. */
  readonly capabilities: string[];
  /** Keys of sources that exist. */
  readonly sources: Set<string>;
  /** What ends in a service when a user leaves, by kind; thrown where it is an error. */
  readonly held: Map<string, Readonly<Record<string, number>> | Error>;
  /** Whose holdings were to end, as `<service> <user>`. */
  readonly ended: string[];
  /** Set, it is thrown instead of creating a token. */
  failure: Error | undefined;
};

/** Creates the neighbours. */
export function aNeighbourhood(): Neighbourhood {
  const around: Neighbourhood = {
    services: { auth: [], providers: [referencesOf(new Map())], tasks: [] },
    passwords: [],
    tokens: [],
    queries: [],
    flows: new Map(),
    signIn: () => ({ possible: true, problem: '' }),
    signInChecks: [],
    capabilities: [],
    sources: new Set(),
    held: new Map(),
    ended: [],
    failure: undefined,
  };
  const credentials = bind(auth.CredentialServiceDefinition, {
    async setUserPassword(request) {
      around.passwords.push(request);
      return {};
    },
    keepAccount: notAsked,
    async createServiceToken(request) {
      if (around.failure) throw around.failure;
      around.tokens.push(request);
      return { pk: '0197c0de-0000-7000-8000-0000000000aa', key: 'the secret' };
    },
  });
  const guard = bind(auth.SignInGuardServiceDefinition, {
    async checkSignIn(request) {
      around.signInChecks.push(request);
      return around.signIn(request);
    },
  });
  const series = bind(tasks.EventSeriesServiceDefinition, {
    async getEventSeries({ query }) {
      around.queries.push(query);
      return { items: [{ x_cord: 1_700_000_000_000, y_cord: around.queries.length }] };
    },
  });
  const system = bind(tasks.SystemServiceDefinition, {
    listCapabilities: async () => ({ capabilities: around.capabilities }),
    getSystemInfo: notAsked,
    postSystemInfo: notAsked,
  });
  return Object.assign(around, {
    services: {
      auth: [credentials, guard, flowsOf(around.flows), referencesOf(around.flows), holdingsOf('auth', around)],
      providers: [referencesOf(around.sources), holdingsOf('providers', around)],
      tasks: [series, system, referencesOf(new Map())],
    },
  });
}

/** Flows as their service lists them, one by its key. */
function flowsOf(known: ReadonlyMap<string, string>): BoundService {
  return bind(auth.FlowInstanceServiceDefinition, {
    async listFlows({ flow_uuid = '' }) {
      const slug = known.get(flow_uuid);
      return auth.ListFlowsResponse.fromPartial({ results: slug === undefined ? [] : [{ pk: flow_uuid, slug }] });
    },
    createFlow: notAsked,
    getFlow: notAsked,
    updateFlow: notAsked,
    deleteFlow: notAsked,
    listFlowUsedBy: notAsked,
    getFlowDiagram: notAsked,
    getFlowCacheInfo: notAsked,
    clearFlowCache: notAsked,
    setFlowBackground: notAsked,
    setFlowBackgroundUrl: notAsked,
  });
}

function referencesOf(known: { has(key: string): boolean }): BoundService {
  return bind(references.ReferenceServiceDefinition, {
    exists: async ({ keys }) => ({ keys: keys.filter((key) => known.has(key)) }),
    describe: async () => ({ names: {} }),
    usedBy: async () => ({ items: [] }),
  });
}

/** What users hold in a service. */
function holdingsOf(service: string, { held, ended }: Pick<Neighbourhood, 'held' | 'ended'>): BoundService {
  return bind(holdings.HoldingServiceDefinition, {
    async endHoldings({ user }) {
      ended.push(`${service} ${user}`);
      const found = held.get(service) ?? {};
      if (found instanceof Error) throw found;
      held.delete(service);
      return { ended: Object.entries(found).map(([kind, count]) => ({ kind, count })) };
    },
  });
}

async function notAsked(): Promise<never> {
  throw new Error('the directory does not ask this');
}
