import { lazy } from 'react';
import { textOf } from '../../executor/wire.codec.ts';
import { DIAGRAM } from '../flow/diagram.ts';
import type { Resource } from '../resource/resource.ts';
import { type Row, valueAt } from '../table/row.ts';

const DiagramPart = lazy(async () => ({ default: (await import('../flow/diagram.part.tsx')).DiagramPart }));

export const flows: Resource = {
  place: 'flow/flows',
  group: 'flows',
  words: 'flows',
  path: '/flows/instances/',
  model: 'authentik_flows.flow',
  key: 'slug',
  title: 'name',
  subtitle: 'slug',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'designation', sort: 'designation' },
    { field: 'stages', draw: ({ stages }) => (Array.isArray(stages) ? stages.length : 0), isWide: true },
    { field: 'authentication', isWide: true },
  ],
  ordering: 'slug',
  filters: ['designation', 'denied_action'],
  actions: [
    {
      name: 'execute',
      method: 'GET',
      path: 'execute/',
      goTo: (answer) => textOf(answer, 'link'),
    },
  ],
  listActions: [{ name: 'clearCache', method: 'POST', path: 'cache_clear/' }],
  parts: [{ words: 'diagram', path: DIAGRAM, view: DiagramPart }],
  related: [
    {
      resource: () => stageBindings,
      fixed: (row) => ({ target: textOf(row, 'pk') }),
      given: ({ pk }) => ({ target: pk }),
    },
    {
      resource: () => policyBindings,
      fixed: (row) => ({ target: textOf(row, 'policybindingmodel_ptr_id') }),
      given: (row) => ({ target: row.policybindingmodel_ptr_id }),
    },
  ],
};

export const stageBindings: Resource = {
  place: 'flow/bindings',
  group: 'flows',
  words: 'stageBindings',
  path: '/flows/bindings/',
  key: 'pk',
  title: 'stage_obj.name',
  columns: [
    { field: 'stage_obj.name' },
    { field: 'order', sort: 'order' },
    { field: 'stage_obj.verbose_name', as: 'type', isWide: true },
  ],
  ordering: 'order',
  isPart: true,
};

export const policyBindings: Resource = {
  place: 'policy/bindings',
  group: 'flows',
  words: 'policyBindings',
  path: '/policies/bindings/',
  key: 'pk',
  title: 'policy_obj.name',
  columns: [
    { field: 'policy_obj.name', draw: boundIn },
    { field: 'order', sort: 'order' },
    { field: 'enabled' },
    { field: 'negate', isWide: true },
  ],
  ordering: 'order',
  isPart: true,
};

/** A binding is to a policy, a group or a user. */
function boundIn(row: Row): string {
  const names = [valueAt(row, 'policy_obj.name'), valueAt(row, 'group_obj.name'), valueAt(row, 'user_obj.username')];
  return String(names.find((name) => typeof name === 'string') ?? '–');
}

export const stages: Resource = {
  place: 'flow/stages',
  group: 'flows',
  words: 'stages',
  path: '/stages/all/',
  key: 'pk',
  title: 'name',
  columns: [{ field: 'name', sort: 'name' }, { field: 'verbose_name' }, { field: 'flow_set', isWide: true }],
  ordering: 'name',
  omit: ['flow_set'],
  family: { prefix: '/stages/', types: '/stages/all/types/', component: 'ak-stage-' },
};

export const prompts: Resource = {
  place: 'flow/prompts',
  group: 'flows',
  words: 'prompts',
  path: '/stages/prompt/prompts/',
  model: 'authentik_stages_prompt.prompt',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'field_key', sort: 'field_key' },
    { field: 'label', sort: 'label' },
    { field: 'type', sort: 'type', isWide: true },
    { field: 'order', sort: 'order', isWide: true },
  ],
  ordering: 'name',
  filters: ['type', 'field_key'],
  omit: ['promptstage_set'],
};

export const policies: Resource = {
  place: 'policy/policies',
  group: 'flows',
  words: 'policies',
  path: '/policies/all/',
  key: 'pk',
  title: 'name',
  columns: [{ field: 'name', sort: 'name' }, { field: 'verbose_name' }, { field: 'bound_to', isWide: true }],
  ordering: 'name',
  family: { prefix: '/policies/', types: '/policies/all/types/', component: 'ak-policy-' },
};
