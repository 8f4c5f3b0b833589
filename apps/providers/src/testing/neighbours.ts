/** The services beside this one, as far as it asks them: they know what they are told. */

import { common } from '@postern/errors';
import { auth, directory, references, tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** What the neighbours know, and what they were asked. */
export type Neighbourhood = {
  /** Objects that exist: flows, users, groups. */
  readonly known: Set<string>;
  /** Queries for series of events. */
  readonly queries: string[];
  /** What policies were asked. */
  readonly evaluations: auth.EvaluatePoliciesRequest[];
  /** What policies are bound to, and what they say. Nothing is bound to anything else. */
  readonly verdicts: Map<string, { passing: boolean; messages: string[]; trace?: auth.PolicyTrace[] }>;
  readonly services: Readonly<Record<'auth' | 'directory' | 'tasks', readonly BoundService[]>>;
};

/** Creates the neighbours. */
export function aNeighbourhood(): Neighbourhood {
  const known = new Set<string>();
  const queries: string[] = [];
  const evaluations: auth.EvaluatePoliciesRequest[] = [];
  const verdicts: Neighbourhood['verdicts'] = new Map();
  const series = bind(tasks.EventSeriesServiceDefinition, {
    async getEventSeries({ query }) {
      queries.push(query);
      return { items: [{ x_cord: 1_700_000_000_000, y_cord: queries.length }] };
    },
  });
  return {
    known,
    queries,
    evaluations,
    verdicts,
    services: {
      auth: [referencesTo(known), policies({ evaluations, verdicts })],
      directory: [referencesTo(known), people()],
      tasks: [referencesTo(known), series],
    },
  };
}

function policies({ evaluations, verdicts }: Pick<Neighbourhood, 'evaluations' | 'verdicts'>): BoundService {
  return bind(auth.PolicyEvaluationServiceDefinition, {
    async evaluate(request) {
      evaluations.push(request);
      const open = { passing: true, messages: [] };
      const decisions = request.targets.map((target) => {
        const verdict = verdicts.get(target);
        return {
          ...(verdict ?? open),
          target,
          bound: verdict ? 1 : 0,
          unevaluated: false,
          trace: [...(verdict?.trace ?? [])],
        };
      });
      return { decisions };
    },
    match: async () => {
      throw common.UNIMPLEMENTED();
    },
  });
}

function people(): BoundService {
  return bind(directory.UserDirectoryServiceDefinition, {
    batchGetUsers: async ({ pks }) => ({
      users: pks.map((pk) =>
        directory.User.fromPartial({
          pk,
          username: 'ada',
          name: 'Ada',
          email: 'ada@example.com',
          uid: 'uid-of-ada',
          is_active: true,
        }),
      ),
    }),
    getRights: async () => directory.Rights.fromPartial({}),
    getPrincipal: async () => directory.UserPrincipal.fromPartial({ attributes: { room: 12 } }),
    findByIdentifier: async () => {
      throw common.UNIMPLEMENTED();
    },
  });
}

function referencesTo(known: ReadonlySet<string>): BoundService {
  return bind(references.ReferenceServiceDefinition, {
    exists: async ({ keys }) => ({ keys: keys.filter((key) => known.has(key)) }),
    describe: async ({ keys }) => ({
      names: Object.fromEntries(keys.filter((key) => known.has(key)).map((key) => [key, `name of ${key}`])),
    }),
    usedBy: async () => ({ items: [] }),
  });
}
