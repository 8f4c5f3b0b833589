import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';
import { v7 } from 'uuid';
import type {
  DeniedAction,
  FlowAuthentication,
  FlowDesignation,
  FlowFacts,
  FlowLayout,
  PolicyMode,
} from '../plans/index.ts';

/** A flow. Its stages hang off it by bindings, its policies by `policyTarget`. */
export const FlowEntity = defineEntity({
  name: 'Flow',
  tableName: 'flow',
  properties: {
    ...tenantTable(),
    policyTarget: p.uuid().onCreate(() => v7()),
    name: p.text(),
    slug: p.text(),
    title: p.text(),
    designation: p.text().$type<FlowDesignation>(),
    /** Path or address of the picture; empty for the default one. */
    background: p.text().default(''),
    policyEngineMode: p.text().$type<PolicyMode>().default('any'),
    compatibilityMode: p.boolean().default(false),
    layout: p.text().$type<FlowLayout>().default('stacked'),
    deniedAction: p.text().$type<DeniedAction>().default('message_continue'),
    authentication: p.text().$type<FlowAuthentication>().default('none'),
  },
});

export type FlowRow = InferEntity<typeof FlowEntity>;

const DEFAULT_BACKGROUND = '/static/dist/assets/images/flow_background.jpg';

/** Address of a flow's picture. */
export function backgroundOf(background: string): string {
  if (background === '') return DEFAULT_BACKGROUND;
  return /^(https?:|\/)/.test(background) ? background : `/media/${background}`;
}

/** A flow as the engine sees it. */
export function factsOf(flow: Omit<FlowRow, 'tenant' | 'created' | 'updated'>): FlowFacts {
  const { pk, policyTarget, slug, title, designation, authentication, deniedAction, layout } = flow;
  const background = backgroundOf(flow.background);
  const policyMode = flow.policyEngineMode;
  return { pk, policyTarget, slug, title, designation, authentication, deniedAction, policyMode, layout, background };
}
