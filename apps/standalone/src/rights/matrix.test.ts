import { randomUUID } from 'node:crypto';
import { PERMISSIONS } from '@postern/models';
import { directory, type Operation } from '@postern/proto';
import { expect, it } from 'vitest';
import {
  CALLERS,
  type Caller,
  type Expected,
  expectedOf,
  isBeyond,
  isElsewhere,
  isListing,
  nameOf,
  OWNED,
  objectField,
  permissionsOf,
} from './expectations.fixture.ts';
import { OPERATIONS, pathKeyOf, servedObjects, type Thing } from './objects.fixture.ts';
import { type Outcome, servedRights } from './served-rights.fixture.ts';

const served = await servedRights();
const { as, nobody, call, running } = served;
const ALL = PERMISSIONS.map(({ permission }) => permission);
const ANOTHER_TENANT = randomUUID();
const boss = () => as({ superuser: true, permissions: [] });

const users = running.client(directory.UserServiceDefinition);
const aUser = async (username: string) => {
  const user = { username, name: username, is_active: true, path: 'users', type: 'internal' };
  return (await users.createUser({ user }, boss())).pk;
};
const [other, owner, granted] = [await aUser('other'), await aUser('owner'), await aUser('granted')];
await aUser('managed');
const objects = await servedObjects(served, { owner, granted, other });

/** Tenants are for operators, who come with a key of their own. */
const OPERATORS: ReadonlySet<string> = new Set(['TenantRegistryService', 'DomainService']);

function originOf(operation: Operation, caller: Caller) {
  const permissions = permissionsOf(operation, caller, ALL);
  const superuser = caller === 'superuser' || caller === 'foreign';
  if (caller === 'anonymous') return nobody();
  if (caller === 'foreign') return as({ superuser, permissions, pk: other, tenant: ANOTHER_TENANT });
  return as({ superuser, permissions, pk: { owner, granted }[String(caller)] ?? other });
}

/** The model whose objects the path names. */
function modelOf({ access, service }: Operation): string {
  if (service.name === 'TokenService') return 'authentik_core.token';
  const [, cls] = /^(Duo|Sms|Static|Totp|WebAuthn)AuthenticatorService$/.exec(service.name) ?? [];
  if (cls) return `authentik_stages_authenticator_${cls.toLowerCase()}.${cls.toLowerCase()}device`;
  if (access?.kind !== 'permission') return '';
  return PERMISSIONS.find(({ permission }) => permission === access.permission)?.model ?? '';
}

/** A key that no object has, of the kind that the field takes. */
function strangeKey(operation: Operation): string | number {
  const field = operation.input.fields.find(({ name }) => name === objectField(operation));
  const isNumber = field?.fieldKind === 'scalar' && field.scalar !== 9;
  return isNumber ? 2_000_000_000 : randomUUID();
}

const REFUSALS: readonly string[] = ['UNAUTHENTICATED', 'PERMISSION_DENIED'];
const BROKEN: readonly string[] = ['INTERNAL', 'UNIMPLEMENTED', 'UNKNOWN'];

function isAs(operation: Operation, expected: Expected, { code }: Outcome): boolean {
  if (BROKEN.includes(code)) return false;
  // Protocols know clients and tokens of their own.
  if (operation.access?.kind === 'public') return true;
  if (expected === 'passes') return !REFUSALS.includes(code);
  // What is wrong with a request is told before anything is looked for, or asked beyond the declaration.
  const isToldFirst = phaseOf(operation) === 1 && code === 'INVALID_ARGUMENT';
  return code === expected || (isToldFirst && (expected === 'NOT_FOUND' || isBeyond(operation)));
}

/** Deletes last, reads first: what one does another must not miss. */
function phaseOf({ bindings }: Operation): number {
  const verb = bindings[0]?.verb ?? 'post';
  return verb === 'get' ? 0 : verb === 'delete' ? 2 : 1;
}

/** The request of a cell. Whoever would really delete something names what is not there, but for one. */
function requestOf(operation: Operation, caller: Caller, thing: Thing | undefined): object {
  const field = objectField(operation);
  if (field === undefined) return {};
  const isSpared = phaseOf(operation) === 2 && (caller === 'holder' || caller === 'superuser');
  const isNamed = thing !== undefined && !isSpared && !isElsewhere(operation);
  return { [field]: isNamed ? pathKeyOf(operation, thing) : strangeKey(operation) };
}

async function tried(operation: Operation, caller: Caller, thing: Thing | undefined): Promise<string[]> {
  const outcome = await call(operation, requestOf(operation, caller, thing), originOf(operation, caller));
  const isOperators = OPERATORS.has(operation.service.name);
  const expected = isOperators ? 'UNAUTHENTICATED' : expectedOf(operation, caller);
  const { code, error } = outcome;
  const isRight = isOperators ? !['OK', ...BROKEN].includes(code) : isAs(operation, expected, outcome);
  const problems = isRight
    ? []
    : [`${nameOf(operation)} as ${caller}: ${expected} expected, ${code} (${error?.reason})`];
  return [...problems, ...leaked(operation, caller, outcome)];
}

/** What a list shows to somebody who may see one object, and to somebody of another tenant. */
function leaked(operation: Operation, caller: Caller, { answer }: Outcome): string[] {
  const results: unknown = Object(answer).results;
  if (!isListing(operation) || !Array.isArray(results) || operation.access?.kind !== 'permission') return [];
  const known = objects.of(modelOf(operation));
  const shown = results.map((one: object) => JSON.stringify(one));
  if (caller === 'foreign' && known && shown.some((text) => text.includes(known.key) && known.key.length > 9)) {
    return [`${nameOf(operation)} shows an object to another tenant`];
  }
  if (caller !== 'granted' || !known || operation.service.name === 'PermissionService') return [];
  return results.length === 1 ? [] : [`${nameOf(operation)} shows ${results.length} objects to who may see one`];
}

it('lets in whom the declaration of each operation lets in, and nobody else', async () => {
  const problems: string[] = [];
  // What hangs on other objects goes before them.
  const deletes = OPERATIONS.filter((one) => phaseOf(one) === 2).toReversed();
  const sorted = [0, 1].flatMap((phase) => OPERATIONS.filter((one) => phaseOf(one) === phase)).concat(deletes);
  for (const operation of sorted) {
    const model = modelOf(operation);
    const thing = phaseOf(operation) === 2 ? await objects.renew(model) : objects.of(model);
    for (const caller of CALLERS) problems.push(...(await tried(operation, caller, thing)));
  }
  expect(problems).toEqual([]);
}, 300_000);

it('names permissions that there are, and says of everything that belongs to somebody whose it is', () => {
  const unknown = OPERATIONS.flatMap(({ access }) => (access?.kind === 'permission' ? [access.permission] : []));
  expect(unknown.filter((permission) => !ALL.includes(permission))).toEqual([]);
  const open = OPERATIONS.filter(
    (one) =>
      one.access?.kind === 'authenticated' &&
      objectField(one) !== undefined &&
      !one.method.name.endsWith('UsedBy') &&
      OWNED[one.service.name] === undefined,
  );
  // Whether somebody may use an application is for everybody to ask, and everybody ends their own session. The REST auth API looks among what is
  // its caller's; its own tests ask for what is somebody else's.
  expect(open.map(nameOf).toSorted()).toEqual([
    'ApplicationService/CheckApplicationAccess',
    'EndSessionService/ConfirmEndSession',
    'RestEmailAddressService/RemoveRestEmailAddress',
    'RestEmailAddressService/SetPrimaryRestEmailAddress',
    'RestEmailAddressService/VerifyRestEmailAddress',
    'RestSocialService/DisconnectRestSocialAccount',
    'RestTokenService/GetRestToken',
    'RestTokenService/RevokeRestToken',
  ]);
});
