import type { Operation } from '@postern/proto';
import { expect, it } from 'vitest';
import { ACTIONS, EVERYBODY, SIGNED_IN, SUPERUSERS } from './declarations.fixture.ts';
import { nameOf, OWNED } from './expectations.fixture.ts';
import { OPERATIONS } from './objects.fixture.ts';

const VERBS: Readonly<Record<string, string>> = {
  get: 'view',
  post: 'add',
  put: 'change',
  patch: 'change',
  delete: 'delete',
};

/** The model that the operations of a service are about, by most of what they declare. */
function modelOf(service: string): string {
  const named = OPERATIONS.filter((one) => one.service.name === service && ACTIONS[nameOf(one)] === undefined).flatMap(
    ({ access }) => (access?.kind === 'permission' ? [access.permission.replace(/\.[a-z]+_/, '.')] : []),
  );
  const counted = Object.entries(Object.groupBy(named, (model) => model));
  return counted.toSorted(([, one = []], [, other = []]) => other.length - one.length)[0]?.[0] ?? '';
}

/** What an operation has to declare. */
function meantOf(operation: Operation): string {
  const { service, method, bindings, access } = operation;
  const name = nameOf(operation);
  const isAmong = (table: ReadonlySet<string>) => table.has(name) || table.has(service.name);
  if (bindings.length === 0 && !isAmong(EVERYBODY)) return 'internal';
  if (isAmong(EVERYBODY)) return access?.kind === 'internal' ? 'internal' : 'public';
  if (isAmong(SUPERUSERS)) return 'superuser';
  const action = ACTIONS[name];
  if (action !== undefined) return action;
  // `CreateAnyDevice` and the like are about everybody's.
  const isOwned = OWNED[service.name] !== undefined && !/^[A-Z][a-z]+Any/.test(method.name);
  if (isOwned || isAmong(SIGNED_IN) || method.name.endsWith('UsedBy')) return 'authenticated';
  return modelOf(service.name).replace('.', `.${VERBS[bindings[0]?.verb ?? '']}_`);
}

function declaredBy({ access }: Operation): string {
  return access?.kind === 'permission' ? access.permission : (access?.kind ?? 'nothing');
}

function astray(operations: readonly Operation[]): string[] {
  return operations
    .filter((one) => declaredBy(one) !== meantOf(one))
    .map((one) => `${nameOf(one)} declares ${declaredBy(one)}, and not ${meantOf(one)}`);
}

it('declares for each operation what its verb says, or what is said of it', () => {
  expect(astray(OPERATIONS)).toEqual([]);
});

it.each([
  ['GroupService/DeleteGroup', { kind: 'permission', permission: 'authentik_core.view_group' }],
  ['GroupService/DeleteGroup', { kind: 'permission', permission: 'authentik_core.delete_user' }],
  ['GroupService/DeleteGroup', { kind: 'authenticated' }],
  ['UserService/SetPassword', { kind: 'permission', permission: 'authentik_core.view_user' }],
  ['UserService/ListUsers', { kind: 'public' }],
  [
    'BlueprintService/ApplyBlueprint',
    { kind: 'permission', permission: 'authentik_blueprints.view_blueprintinstance' },
  ],
  ['UserDirectoryService/GetRights', { kind: 'authenticated' }],
] as const)('finds that %s must not declare %j', (name, access) => {
  const operation = OPERATIONS.find((one) => nameOf(one) === name);
  expect(operation && astray([{ ...operation, access }])).toHaveLength(1);
});

it('names nothing that there is not', () => {
  const known = new Set(OPERATIONS.flatMap((one) => [nameOf(one), one.service.name]));
  const named = [...Object.keys(ACTIONS), ...EVERYBODY, ...SIGNED_IN, ...SUPERUSERS];
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
