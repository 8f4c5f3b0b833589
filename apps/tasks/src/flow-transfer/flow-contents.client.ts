import { auth } from '@postern/proto';
import type { Origin } from '@postern/rpc';
import type { ClientFactory, JsonObject, Model, Models, Objects } from '../blueprints/index.ts';

/** An object and its kind. */
export type Part = { readonly model: Model; readonly object: JsonObject };

/** All that a flow is made of, each in the order in which it is passed. */
export type FlowContents = {
  readonly flow: Part;
  readonly prompts: readonly Part[];
  readonly policies: readonly Part[];
  readonly stages: readonly Part[];
  readonly stageBindings: readonly Part[];
  readonly policyBindings: readonly Part[];
};

/** What reading flows needs. */
export type FlowContentsDeps = { readonly models: Models; readonly objects: Objects; readonly client: ClientFactory };

/** Creates the reader of flows; undefined for one that is not there. */
export function createFlowReader({ models, objects, client }: FlowContentsDeps) {
  const { getPolicy } = client(auth.PolicyServiceDefinition);

  const modelOf = (label: unknown): Model => {
    const model = models.get(String(label));
    if (!model) throw new TypeError(`there is no model ${String(label)}`);
    return model;
  };

  async function listed(label: string, filters: JsonObject, origin: Origin): Promise<Part[]> {
    const model = modelOf(label);
    const parts: Part[] = [];
    for await (const object of objects.list(model, filters, origin)) parts.push({ model, object });
    return parts;
  }

  /** The objects with these keys that are there. Each comes once. */
  async function each(
    keys: readonly string[],
    origin: Origin,
    labelOf: (key: string) => Promise<string> | string,
  ): Promise<Part[]> {
    const parts: Part[] = [];
    for (const key of new Set(keys)) {
      const model = modelOf(await labelOf(key));
      const object = await objects.get(model, key, origin);
      if (object) parts.push({ model, object });
    }
    return parts;
  }

  return async (slug: string, origin: Origin): Promise<FlowContents | undefined> => {
    const model = modelOf('authentik_flows.flow');
    const object = await objects.get(model, slug, origin);
    if (!object) return undefined;
    const bound = await listed('authentik_flows.flowstagebinding', { target: object.pk ?? '' }, origin);
    const kinds = new Map(bound.map((one) => [textOf(one, 'stage'), kindOf(one.object.stage_obj)]));
    const stages = await each([...kinds.keys()], origin, (key) => kinds.get(key) ?? '');
    const policyBindings: Part[] = [];
    for (const { object: guarded } of [{ object }, ...bound]) {
      const filters = { target: guarded.policybindingmodel_ptr_id ?? '' };
      policyBindings.push(...(await listed('authentik_policies.policybinding', filters, origin)));
    }
    const asked = [
      ...policyBindings.map((one) => textOf(one, 'policy')),
      ...stages.flatMap((stage) => keysOf(stage, 'validation_policies')),
    ];
    const labelOfPolicy = async (policy_uuid: string) => (await getPolicy({ policy_uuid }, origin)).meta_model_name;
    const prompts = stages.flatMap((stage) => keysOf(stage, 'fields'));
    return {
      flow: { model, object },
      prompts: await each(prompts, origin, () => 'authentik_stages_prompt.prompt'),
      policies: await each(asked.filter(Boolean), origin, labelOfPolicy),
      stages: inOrderOfNeed(stages),
      stageBindings: bound,
      policyBindings,
    };
  };
}

/** Reads flows. */
export type ReadFlow = ReturnType<typeof createFlowReader>;

/** A stage that another one names comes before it: whoever reads the file makes one after the other. */
function inOrderOfNeed(stages: readonly Part[]): Part[] {
  const ordered = new Set<Part>();
  const place = (stage: Part, way: readonly Part[]) => {
    const named = Object.values(stage.object).flat();
    for (const other of stages) {
      if (other !== stage && !way.includes(other) && named.includes(other.object.pk ?? ''))
        place(other, [...way, stage]);
    }
    ordered.add(stage);
  };
  for (const stage of stages) place(stage, []);
  return [...ordered];
}

function textOf({ object }: Part, field: string): string {
  const value = object[field];
  return typeof value === 'string' ? value : '';
}

function keysOf({ object }: Part, field: string): string[] {
  const value = object[field];
  return Array.isArray(value) ? value.map(String) : [];
}

function kindOf(stage: unknown): string {
  return typeof stage === 'object' && stage !== null ? String(Reflect.get(stage, 'meta_model_name')) : '';
}
