import { findPermission, MODELS } from '@postern/models';
import type { Operation } from '@postern/proto';

/** Everybody who may stand in front of an operation. */
export const CALLERS = [
  /** Nobody is signed in. */
  'anonymous',
  /** Somebody without any right, whose objects these are not. */
  'other',
  /** Somebody without any right, whose objects these are, where objects are somebody's. */
  'owner',
  /** Holds the permission of the operation on everything, and no other. */
  'holder',
  /** Holds every permission but that of the operation. */
  'lacking',
  /** Holds permissions on one object of each kind, and nothing on everything. */
  'granted',
  /** Administrator of another tenant. */
  'foreign',
  'superuser',
] as const;

export type Caller = (typeof CALLERS)[number];

/** `passes`: neither who calls nor what it is about is refused; what the request says may be wrong. */
export type Expected = 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'NOT_FOUND' | 'passes';

/** Name of the field by which the path names one object; undefined where it names none, or several. */
export function objectField({ bindings }: Operation): string | undefined {
  const [binding] = bindings;
  return binding?.parameters.length === 1 ? binding.parameters[0] : undefined;
}

/** Whether it reads at a path that names no object. */
export function isListing({ bindings }: Operation): boolean {
  return bindings[0]?.verb === 'get' && bindings[0].parameters.length === 0;
}

/** What is asked for beside the declaration, by operations whose declared permission is not enough. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  'UserService/GetUserMetrics': ['authentik_events.view_event'],
  'UserService/CreateServiceAccount': ['authentik_core.add_token'],
  'GroupService/AddUser': ['authentik_core.add_group'],
  'GroupService/RemoveUser': ['authentik_core.add_group'],
  'ApplicationService/ListApplicationMetrics': ['authentik_events.view_event'],
  'FlowTransferService/ExportFlow': ['authentik_flows.view_flowstagebinding'],
  'SystemTaskService/RetrySystemTask': ['authentik_rbac.view_system_tasks'],
  // What is no mapping of the providers may be one of a webhook, which has a permission of its own.
  'PropertyMappingService/DeletePropertyMapping': ['authentik_events.delete_notificationwebhookmapping'],
};

/** Whether more is asked for than declared. */
export function isBeyond(operation: Operation): boolean {
  return Object.hasOwn(BEYOND, nameOf(operation));
}

/** What belongs to somebody and opens to others with this permission, on everything or on the object. */
const ALSO: Readonly<Record<string, string>> = { 'TokenService/ViewTokenKey': 'authentik_core.view_token_key' };

/** Lists that are no lists of objects: of all events, or of nothing that permissions are held on. */
const WHOLE: ReadonlySet<string> = new Set([
  'EventService/ListTopEventsPerUser',
  'FlowInstanceService/GetFlowCacheInfo',
  'PolicyService/GetPolicyCacheInfo',
  'LicenseService/GetLicenseForecast',
  'LicenseService/GetInstallId',
]);

/** Paths that name an object of another kind than the permission is about. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'GroupService/AddUser',
  'GroupService/RemoveUser',
  'PermissionService/GetPermission',
  'DuoDeviceService/ImportDuoDevice',
  'DuoDeviceService/ImportDuoDevices',
  'SystemTaskService/GetSystemTask',
  'SystemTaskService/RetrySystemTask',
]);

/** Imports and exports are no users, although who may view and make users may have them. */
const JOBS: ReadonlySet<string> = new Set(['DirectoryImportService', 'DirectoryExportService']);

/** Whether its path names an object of another kind than the permission is about. */
export function isElsewhere(operation: Operation): boolean {
  return ELSEWHERE.has(nameOf(operation)) || JOBS.has(operation.service.name);
}

/** Services of what belongs to somebody, and whether superusers act on it, too. */
export const OWNED: Readonly<Record<string, 'owner' | 'owner or superuser'>> = {
  TokenService: 'owner or superuser',
  AuthenticatedSessionService: 'owner or superuser',
  UserConsentService: 'owner or superuser',
  AuthorizationCodeService: 'owner or superuser',
  IssuedAccessTokenService: 'owner or superuser',
  IssuedRefreshTokenService: 'owner or superuser',
  DuoAuthenticatorService: 'owner',
  SmsAuthenticatorService: 'owner',
  StaticAuthenticatorService: 'owner',
  TotpAuthenticatorService: 'owner',
  WebAuthnAuthenticatorService: 'owner',
  NotificationService: 'owner',
};

/** Short name of an operation: `UserService/GetUser`. */
export function nameOf({ service, method }: Operation): string {
  return `${service.name}/${method.name}`;
}

/** What becomes of a call, by what the proto of the operation says. */
export function expectedOf(operation: Operation, caller: Caller): Expected {
  const { access } = operation;
  if (access === undefined) throw new Error(`${nameOf(operation)} does not say who may call it`);
  if (access.kind === 'public') return 'passes';
  if (caller === 'anonymous') return 'UNAUTHENTICATED';
  switch (access.kind) {
    case 'internal':
      return 'PERMISSION_DENIED';
    case 'superuser':
      return caller === 'superuser' ? 'passes' : caller === 'foreign' ? elsewhere(operation) : 'PERMISSION_DENIED';
    case 'permission':
      return byPermission(operation, caller, access.permission);
    default:
      return byOwner(operation, caller);
  }
}

function byPermission(operation: Operation, caller: Caller, permission: string): Expected {
  const name = nameOf(operation);
  const isShort = Object.hasOwn(BEYOND, name);
  switch (caller) {
    case 'superuser':
      return 'passes';
    case 'foreign':
      return elsewhere(operation);
    case 'holder':
      return isShort ? 'PERMISSION_DENIED' : 'passes';
    case 'granted': {
      // Whoever may see some objects is told of the rest that they are not there, whatever the path names.
      if (JOBS.has(operation.service.name) && objectField(operation) && permission.includes('.view_'))
        return 'NOT_FOUND';
      const isOnOne = objectField(operation) !== undefined && !isElsewhere(operation);
      const isSome = isListing(operation) && permission.includes('.view_') && !WHOLE.has(name);
      const isOfNone =
        !MODELS.some(({ name: model }) => model === findPermission(permission)?.model) ||
        permission.includes('_license');
      // Whoever may see a role learns no more of a permission that they name than that it is none.
      if (name === 'PermissionService/GetPermission') return 'NOT_FOUND';
      return (isOnOne || isSome) && !isShort && !isOfNone ? 'passes' : 'PERMISSION_DENIED';
    }
    default:
      return 'PERMISSION_DENIED';
  }
}

function byOwner(operation: Operation, caller: Caller): Expected {
  const rule = OWNED[operation.service.name];
  const isTheirs = rule !== undefined && objectField(operation) !== undefined;
  if (!isTheirs) {
    // Nobody of another tenant is anybody here.
    if (caller === 'foreign' && nameOf(operation) === 'UserService/GetMe') return 'UNAUTHENTICATED';
    return caller === 'foreign' ? elsewhere(operation) : 'passes';
  }
  if (caller === 'owner') return 'passes';
  if (Object.hasOwn(ALSO, nameOf(operation)) && (caller === 'lacking' || caller === 'granted')) return 'passes';
  return caller === 'superuser' && rule === 'owner or superuser' ? 'passes' : 'NOT_FOUND';
}

/** Objects of another tenant do not exist. */
function elsewhere(operation: Operation): Expected {
  return objectField(operation) === undefined ? 'passes' : 'NOT_FOUND';
}

/** The permissions that a caller holds on everything. */
export function permissionsOf({ access }: Operation, caller: Caller, all: readonly string[]): readonly string[] {
  const own = access?.kind === 'permission' ? access.permission : undefined;
  if (caller === 'holder') return own === undefined ? [] : [own];
  if (caller === 'lacking') return all.filter((permission) => permission !== own);
  return [];
}
