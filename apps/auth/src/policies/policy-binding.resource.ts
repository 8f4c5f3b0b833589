import {
  asNumber,
  boolean,
  custom,
  defineList,
  type EntityManager,
  exact,
  isNull,
  type PlainRow,
  raw,
} from '@postern/database';
import type { auth } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { headOf, usesOf } from './policy.codec.ts';
import { PolicyEntity } from './policy.entity.ts';
import { policyErrors } from './policy.errors.ts';
import type { PolicyModel } from './policy.model.ts';
import { PolicyBindingEntity, type PolicyBindingRow } from './policy-binding.entity.ts';
import type { BindingPeople } from './policy-binding.people.ts';
import { boundUnder, ownTargets } from './policy-target.ts';

/** Bindings as a resource. */
export function policyBindings(
  models: readonly PolicyModel[],
  people: BindingPeople,
): Resource<PolicyBindingRow, auth.PolicyBinding> {
  return {
    model: 'authentik_policies.policybinding',
    type: 'postern.auth.v1.PolicyBinding',
    subject: 'auth.v1.policy_binding',
    entity: PolicyBindingEntity,
    list: defineList({
      entity: PolicyBindingEntity,
      filters: {
        enabled: boolean('enabled'),
        order: exact('order', asNumber),
        policy: exact('policy'),
        policy_isnull: isNull('policy'),
        target: custom((value) => guarding([String(value)])),
        target_in: custom((value) => guarding([value].flat().map(String))),
        timeout: exact('timeout', asNumber),
      },
      search: [
        (term) => ({
          [raw((alias) => `(select name from policy where policy.pk = ${alias}.policy)`)]: {
            $ilike: `%${term.replaceAll(/[\\%_]/g, '\\$&')}%`,
          },
        }),
      ],
      ordering: { target: 'target', order: 'order', pk: 'pk', enabled: 'enabled', timeout: 'timeout' },
      defaultOrder: ['target', 'order'],
    }),
    fields: {
      policy: 'policy',
      group: 'group',
      user: 'user',
      target: 'target',
      negate: 'negate',
      enabled: 'enabled',
      order: 'order',
      timeout: 'timeout',
      failure_result: 'failureResult',
    },
    title: bindingTitle,
    encode: async (rows, { em, call }) => {
      const targets = await ownTargets(em, keysOf(rows, 'target'));
      const policies = await policiesOf(em, keysOf(rows, 'policy'), models);
      const groups = await people.groups(keysOf(rows, 'group'), call);
      const users = await people.users(keysOf(rows, 'user'), call);
      return rows.map((row) => ({
        ...plainOf(row),
        target: targets.find(({ bound }) => bound === row.target)?.pk ?? row.target,
        policy_obj: policies.get(row.policy ?? ''),
        group_obj: groups.get(row.group ?? ''),
        user_obj: row.user ? users.get(row.user) : undefined,
      }));
    },
    constraints: { policy_binding__place: policyErrors.POLICY_BOUND_ALREADY },
  };
}

/** What a binding is called. */
export function bindingTitle({ policy, group, order }: Pick<PolicyBindingRow, 'policy' | 'group' | 'order'>): string {
  const subject = policy === null ? (group === null ? 'User' : 'Group') : 'Policy';
  return `Binding #${order} to ${subject}`;
}

function guarding(keys: readonly string[]) {
  const wanted = `{${keys.join(',')}}`;
  return { [raw((alias) => boundUnder(`${alias}.target`), [wanted, wanted, wanted])]: [] };
}

function keysOf<Field extends 'target' | 'policy' | 'group' | 'user'>(
  rows: readonly PlainRow<PolicyBindingRow>[],
  field: Field,
): NonNullable<PlainRow<PolicyBindingRow>[Field]>[] {
  return [...new Set(rows.map((row) => row[field]).filter((key) => key !== null && key !== undefined))];
}

async function policiesOf(em: EntityManager, keys: readonly string[], models: readonly PolicyModel[]) {
  const rows = keys.length === 0 ? [] : await em.find(PolicyEntity, { pk: { $in: [...keys] } });
  const uses = await usesOf(em, keys);
  return new Map(
    rows.map((row) => [
      row.pk,
      headOf(
        row,
        models.find(({ kind }) => kind === row.kind),
        uses.get(row.pk) ?? 0,
      ),
    ]),
  );
}

function plainOf(row: PlainRow<PolicyBindingRow>) {
  const { pk, policy, group, user, negate, enabled, order, timeout, failureResult } = row;
  return {
    pk,
    policy: policy ?? undefined,
    group: group ?? undefined,
    user: user ?? undefined,
    negate,
    enabled,
    order,
    timeout,
    failure_result: failureResult,
  };
}
