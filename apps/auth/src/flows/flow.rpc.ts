import { asUuid, defineList, type EntityManager, exact, getOr404, type PlainRow } from '@postern/database';
import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import {
  dropPicture,
  eventContext,
  modelFact,
  type Resource,
  type ResourceDeps,
  type Scope,
  standardMethods,
} from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { letGo, STAGE_LINKS } from '../stages/index.ts';
import { createSetBackground, FLOW_BACKGROUNDS } from './background.operations.ts';
import { type DiagramView, readDrawing } from './diagram.repository.ts';
import { drawFlow } from './diagram.ts';
import { backgroundOf, FlowEntity, type FlowRow } from './flow.entity.ts';
import { exportUrl } from './flow-set.rpc.ts';
import { countAllPlans, countPlans, forgetFreshPlans } from './waiting-plans.repository.ts';

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
    const plans = await countPlans(em, rows);
    return rows.map((row) => {
      const hanging = { stages: stages.get(row.pk) ?? [], policies: policies.get(row.policyTarget) ?? [] };
      return messageOf(row, { ...hanging, cache_count: plans.get(row.pk) ?? 0 });
    });
  },
  constraints: { flow__slug: () => invalidField('slug', 'This field must be unique.', 'FLOW_SLUG_TAKEN') },
};

/** Flows by their keys, as they are shown. */
export async function flowsInFull(pks: readonly string[], scope: Scope): Promise<ReadonlyMap<string, auth.Flow>> {
  if (pks.length === 0) return new Map();
  const query = scope.em.createQueryBuilder(FlowEntity).where({ pk: { $in: [...new Set(pks)] } });
  const messages = await flows.encode(await query.execute<PlainRow<FlowRow>[]>('all'), scope);
  return new Map(messages.map((flow) => [flow.pk, flow]));
}

/** Serves flows. */
export function createFlowRpc(deps: ResourceDeps): BoundService {
  const { db, outbox } = deps;
  const methods = standardMethods(deps, flows);
  const setBackground = createSetBackground(deps);
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
        await dropPicture(em, FLOW_BACKGROUNDS, flow.background);
        em.remove(flow);
        return {};
      }),
    listFlowUsedBy: ({ slug }, call) => methods.usedBy(slug, call),
    getFlowDiagram: ({ slug }, call) =>
      db.read(call.context, async (em) => {
        const flow = await getOr404(em, FlowEntity, { slug });
        return { diagram: drawFlow(await readDrawing(em, flow, viewOf(call))) };
      }),
    // Plans are made for one browser each and are never shared: what is counted is who is on the way.
    getFlowCacheInfo: (_request, call) => db.read(call.context, async (em) => ({ count: await countAllPlans(em) })),
    clearFlowCache: (_request, call) => db.write(call.context, forgetFreshPlans).then(() => ({})),
    setFlowBackground: async ({ slug, file, clear }, call) => {
      // The contract has no body for this refusal, and clients look at the status alone.
      if (!clear && file.length === 0) throw invalidField('file', 'No file was submitted.', 'FILE_MISSING');
      await setBackground({ slug }, { address: '', content: clear ? NOTHING : file }, call);
      return {};
    },
    setFlowBackgroundUrl: async ({ slug, url }, call) => {
      await setBackground({ slug }, { address: url, content: NOTHING }, call);
      return {};
    },
  });
}

const NOTHING = Buffer.alloc(0);

/** How flows are bound to stages and policies is another permission than that to look at flows. */
function viewOf({ context: { principal } }: Call): DiagramView {
  const may = (permission: string) => principal.kind === 'user' && isGranted(principal, permission);
  return {
    stageBindings: may('authentik_flows.view_flowstagebinding'),
    policyBindings: may('authentik_policies.view_policybinding'),
  };
}

function isGranted(user: { superuser: boolean; permissions: readonly string[] }, permission: string): boolean {
  return user.superuser || user.permissions.includes(permission);
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

type Hanging = Pick<auth.Flow, 'stages' | 'policies' | 'cache_count'>;

function messageOf(flow: PlainRow<FlowRow>, hanging: Hanging): auth.Flow {
  const { pk, policyTarget, name, slug, title, designation, layout, authentication } = flow;
  return {
    pk,
    policybindingmodel_ptr_id: policyTarget,
    name,
    slug,
    title,
    designation,
    background: backgroundOf(flow.background),
    ...hanging,
    policy_engine_mode: flow.policyEngineMode,
    compatibility_mode: flow.compatibilityMode,
    export_url: exportUrl(slug),
    layout,
    denied_action: flow.deniedAction,
    authentication,
  };
}
