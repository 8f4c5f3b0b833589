import { asUuid, defineList, type EntityManager, exact, getOr404, type PlainRow } from '@postern/database';
import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import { eventContext, modelFact, type Resource, type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { letGo, STAGE_LINKS } from '../stages/index.ts';
import { backgroundOf, FlowEntity, type FlowRow } from './flow.entity.ts';
import { flowErrors } from './flow.errors.ts';
import { exportUrl } from './flow-set.rpc.ts';

/** Flows as a resource. */
const flows: Resource<FlowRow, auth.Flow> = {
  model: 'authentik_flows.flow',
  type: 'postern.auth.v1.Flow',
  subject: 'auth.v1.flow',
  entity: FlowEntity,
  key: 'slug',
  list: defineList({
    entity: FlowEntity,
    filters: {
      denied_action: exact('deniedAction'),
      designation: exact('designation'),
      flow_uuid: exact('pk', asUuid),
      name: exact('name'),
      slug: exact('slug'),
    },
    search: ['name', 'slug', 'designation', 'title', 'deniedAction'],
    ordering: { slug: 'slug', name: 'name', designation: 'designation', title: 'title' },
    defaultOrder: ['slug', 'name'],
  }),
  fields: {
    name: 'name',
    slug: 'slug',
    title: 'title',
    designation: (flow, value) => Object.assign(flow, { designation: value }),
    policy_engine_mode: (flow, value) => Object.assign(flow, { policyEngineMode: value }),
    compatibility_mode: 'compatibilityMode',
    layout: (flow, value) => Object.assign(flow, { layout: value }),
    denied_action: (flow, value) => Object.assign(flow, { deniedAction: value }),
    authentication: (flow, value) => Object.assign(flow, { authentication: value }),
  },
  title: ({ name, slug }) => `Flow ${name} (${slug})`,
  encode: async (rows, { em }) => {
    const stages = await keysBy(
      em,
      'select target as owner, stage as key from flow_stage_binding',
      'target',
      rows,
      'pk',
    );
    const policies = await keysBy(
      em,
      'select target as owner, policy as key from policy_binding',
      'target',
      rows,
      'policyTarget',
    );
    return rows.map((row) => messageOf(row, stages.get(row.pk) ?? [], policies.get(row.policyTarget) ?? []));
  },
  constraints: { flow__slug: () => invalidField('slug', 'This field must be unique.', 'FLOW_SLUG_TAKEN') },
};

/** Serves flows. */
export function createFlowRpc(deps: ResourceDeps): BoundService {
  const { db, outbox } = deps;
  const methods = standardMethods(deps, flows);
  const setBackground = (slug: string, background: string, call: Call) =>
    db.write(call.context, async (em) => {
      (await getOr404(em, FlowEntity, { slug })).background = background;
      return {};
    });
  return bind(auth.FlowInstanceServiceDefinition, {
    listFlows: methods.list,
    createFlow: ({ flow }, call) => methods.create(flow, call),
    getFlow: ({ slug }, call) => methods.get(slug, call),
    updateFlow: ({ slug, flow, update_mask }, call) => methods.update(slug, flow, update_mask, call),
    deleteFlow: ({ slug }, call) =>
      db.write(call.context, async (em) => {
        const flow = await getOr404(em, FlowEntity, { slug });
        await letGo(em, STAGE_LINKS, flow.pk);
        const object = { model: flows.model, pk: flow.pk, name: flows.title(flow) };
        await outbox.record(em, eventContext(call), modelFact(flows.subject, 'deleted', object));
        em.remove(flow);
        return {};
      }),
    listFlowUsedBy: ({ slug }, call) => methods.usedBy(slug, call),
    // Plans are made for one person each and are never shared, so there is nothing that could be cached.
    getFlowCacheInfo: async () => ({ count: 0 }),
    clearFlowCache: async () => ({}),
    setFlowBackground: async ({ slug, clear }, call) => {
      if (!clear) throw flowErrors.UPLOADS_NOT_KEPT();
      return setBackground(slug, '', call);
    },
    setFlowBackgroundUrl: ({ slug, url }, call) => setBackground(slug, url, call),
  });
}

/** Keys that hang off the rows of a page, in their order. */
async function keysBy(
  em: EntityManager,
  select: string,
  column: string,
  rows: readonly PlainRow<FlowRow>[],
  property: 'pk' | 'policyTarget',
): Promise<ReadonlyMap<string, string[]>> {
  if (rows.length === 0) return new Map();
  const marks = rows.map(() => '?').join(', ');
  const found = await em.execute<{ owner: string; key: string | null }[]>(
    `${select} where ${column} in (${marks}) order by "order", pk`,
    rows.map((row) => row[property]),
  );
  const groups = Map.groupBy(found, ({ owner }) => owner);
  return new Map([...groups].map(([owner, held]) => [owner, held.flatMap(({ key }) => key ?? [])]));
}

function messageOf(flow: PlainRow<FlowRow>, stages: string[], policies: string[]): auth.Flow {
  const { pk, policyTarget, name, slug, title, designation, layout, authentication } = flow;
  return {
    pk,
    policybindingmodel_ptr_id: policyTarget,
    name,
    slug,
    title,
    designation,
    background: backgroundOf(flow.background),
    stages,
    policies,
    cache_count: 0,
    policy_engine_mode: flow.policyEngineMode,
    compatibility_mode: flow.compatibilityMode,
    export_url: exportUrl(slug),
    layout,
    denied_action: flow.deniedAction,
    authentication,
  };
}
