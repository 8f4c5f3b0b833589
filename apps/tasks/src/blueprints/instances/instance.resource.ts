import { type Database, defineList, exact, referable } from '@postern/database';
import type { tasks } from '@postern/proto';
import type { Resource } from '@postern/resource';
import type { Context } from '@postern/rpc';
import { joinCredentials, splitCredentials } from '../sources/index.ts';
import { CONTENT, CREDENTIALS, Instance, type InstanceEntity } from './instance.entity.ts';
import { instanceErrors } from './instance.errors.ts';

const MODEL = 'authentik_blueprints.blueprintinstance';
const TYPE = 'postern.tasks.v1.BlueprintInstance';

/** Instances as references and "used by" name them. */
export const referableInstances = referable({ model: MODEL, type: TYPE, entity: Instance, title: ({ name }) => name });

/** What the list of instances offers. */
const list = defineList({
  entity: Instance,
  filters: { name: exact('name'), path: exact('path') },
  search: ['name', 'path'],
  ordering: {
    pk: 'pk',
    name: 'name',
    path: 'path',
    last_applied: 'lastApplied',
    last_applied_hash: 'lastAppliedHash',
    status: 'status',
    enabled: 'enabled',
  },
  defaultOrder: ['name'],
});

export type InstanceDeps = {
  readonly secrets: Database['secrets'];
  readonly clock: { now(): Date };
};

/** Instances of blueprints as a plain resource. */
export function instanceResource({ secrets, clock }: InstanceDeps): Resource<InstanceEntity, tasks.BlueprintInstance> {
  /** The contract counts every change as one of "last applied". */
  const touch = (row: InstanceEntity) => Object.assign(row, { lastApplied: clock.now() });
  return {
    model: MODEL,
    type: TYPE,
    subject: 'tasks.v1.blueprint_instance',
    entity: Instance,
    list,
    fields: {
      name: (row, name) => Object.assign(touch(row), { name }),
      path: (row, path) => Object.assign(touch(row), splitCredentials(path)),
      content: (row, content) => Object.assign(touch(row), { content }),
      context: (row, context) => Object.assign(touch(row), { context: context ?? {} }),
      enabled: (row, enabled) => Object.assign(touch(row), { enabled }),
    },
    title: ({ name }) => name,
    encode(rows, { call }) {
      const isShown = mayChange(call.context);
      return rows.map((row) => {
        const credentials = isShown ? secrets.open(row.credentials, CREDENTIALS) : '';
        return {
          pk: row.pk,
          name: row.name,
          path: joinCredentials({ path: row.path, credentials }),
          context: row.context,
          last_applied: row.lastApplied.toISOString(),
          last_applied_hash: row.lastAppliedHash,
          status: row.status,
          enabled: row.enabled,
          managed_models: [],
          metadata: row.metadata,
          content: secrets.open(row.content, CONTENT),
        };
      });
    },
    constraints: { blueprint_instance__name: instanceErrors.BLUEPRINT_NAME_TAKEN },
  };
}

/** The password of a registry is shown to those who may change the instance. */
function mayChange({ principal }: Context): boolean {
  if (principal.kind !== 'user') return principal.kind === 'service';
  return principal.superuser || principal.permissions.includes('authentik_blueprints.change_blueprintinstance');
}
