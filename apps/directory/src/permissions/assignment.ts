import { findPermission, type Permission } from '@postern/models';
import { permissionErrors } from './permission.errors.ts';

/** Who holds something: exactly one of the two. */
export type Holder =
  | { readonly user: number; readonly role?: undefined }
  | { readonly role: string; readonly user?: undefined };

/** What somebody holds on one object. */
export type Grant = {
  readonly id: number;
  readonly permission: string;
  readonly model: string;
  readonly object: string;
};

/** What is meant to be held: permissions on everything, or on one object. */
export type Assignment = {
  readonly permissions: readonly Permission[];
  readonly target?: { readonly model: string; readonly key: string };
};

/** An assignment as it is asked for. */
export type AssignmentRequest = {
  readonly permissions: readonly string[];
  /** Empty for everything. */
  readonly model: string;
  readonly object_pk: string;
};

/** Reads what is asked for. Throws field errors for what makes no sense: nothing is ever given that has no name. */
export function readAssignment({ permissions, model, object_pk }: AssignmentRequest): Assignment {
  if ((model === '') !== (object_pk === '')) throw permissionErrors.PERMISSION_TARGET_INCOMPLETE();
  if (model === '') return { permissions: permissions.map(onEverything) };
  return { permissions: permissions.map((name) => onModel(name, model)), target: { model, key: object_pk } };
}

function onEverything(name: string): Permission {
  if (!name.includes('.')) throw permissionErrors.PERMISSION_WITHOUT_APP();
  return findPermission(name) ?? unknown(name);
}

/** With an object the name within the app is enough: the app is that of the model. */
function onModel(name: string, model: string): Permission {
  const [app = ''] = model.split('.');
  const found = findPermission(name.includes('.') ? name : `${app}.${name}`);
  return found?.model === model ? found : unknown(name);
}

function unknown(permission: string): never {
  throw permissionErrors.PERMISSION_UNKNOWN({ permission });
}
