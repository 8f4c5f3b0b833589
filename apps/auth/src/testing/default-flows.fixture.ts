/** The flows that every tenant starts with, as the blueprints of the installation have them: laid into the tables, without the applier. */

import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@postern/database';
import { type BundledEntry, bundledBlueprint, Find, KeyOf } from '@postern/testkit';
import { readSettings } from '../plans/index.ts';
import { STAGE_FAMILIES } from '../stages/index.ts';

/** In an order in which each finds what it refers to. */
const FILES = [
  'flow-password-change',
  'flow-default-authentication-flow',
  'flow-default-invalidation-flow',
  'flow-default-provider-authorization-explicit-consent',
  'flow-default-provider-authorization-implicit-consent',
  'flow-default-user-settings-flow',
  'flow-oobe',
  'flow-default-authenticator-static-setup',
  'flow-default-authenticator-totp-setup',
  'flow-default-authenticator-webauthn-setup',
];

/** An object, and the key under which its policies are bound. */
type Made = { readonly pk: string; readonly target: string };

type Values = Readonly<Record<string, unknown>>;
type Execute = (sql: string, values: readonly unknown[]) => Promise<unknown>;

/** Gives the tenant of the transaction its flows. */
export async function giveDefaultFlows(em: EntityManager): Promise<void> {
  const named = new Map<string, Made>();
  for (const file of FILES) {
    const ids = new Map<string, Made>();
    for (const entry of await bundledBlueprint(`default/${file}.yaml`)) {
      const made = { pk: randomUUID(), target: randomUUID() };
      const find = (value: KeyOf | Find) =>
        value instanceof KeyOf ? ids.get(value.id) : named.get(`${value.model} ${value.value}`);
      await lay((sql, values) => em.execute(sql, [...values]), entry.model, made, valuesOf(entry, find));
      if (entry.id) ids.set(entry.id, made);
      named.set(`${entry.model} ${entry.identifiers.slug ?? entry.identifiers.name}`, made);
    }
  }
}

function valuesOf(
  { model, identifiers, attrs }: BundledEntry,
  find: (value: KeyOf | Find) => Made | undefined,
): Values {
  const keyOf = (field: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one) => keyOf(field, one));
    if (!(value instanceof KeyOf || value instanceof Find)) return value;
    const made = find(value);
    return model === 'authentik_policies.policybinding' && field === 'target' ? made?.target : made?.pk;
  };
  const entries = Object.entries({ ...attrs, ...identifiers });
  return Object.fromEntries(entries.map(([field, value]) => [field, keyOf(field, value)]));
}

async function lay(execute: Execute, model: string, made: Made, values: Values): Promise<unknown> {
  const insert = (table: string, row: Values) => {
    const columns = Object.keys(row).map((column) => `"${column}"`);
    const marks = columns.map(() => '?');
    return execute(`insert into ${table} (${columns.join()}) values (${marks.join()})`, Object.values(row));
  };
  const { pk, target: policy_target } = made;
  const stage = STAGE_FAMILIES.find((family) => family.model.model === model);
  if (stage) {
    const { name, ...rest } = values;
    const settings = JSON.stringify(readSettings(stage.settings, JSON.parse(JSON.stringify(rest))));
    return insert('stage', { pk, kind: stage.model.kind, name, settings });
  }
  switch (model) {
    case 'authentik_flows.flow':
      return insert('flow', { pk, policy_target, ...values });
    case 'authentik_flows.flowstagebinding':
      return insert('flow_stage_binding', { pk, policy_target, ...values });
    case 'authentik_stages_prompt.prompt':
      return insert('prompt', { pk, ...values });
    case 'authentik_policies_expression.expressionpolicy': {
      const { name, ...settings } = values;
      return insert('policy', { pk, kind: 'expression', name, settings: JSON.stringify(settings) });
    }
    case 'authentik_policies.policybinding':
      return insert('policy_binding', { pk, ...values });
    default:
      return undefined;
  }
}
