import { listOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';
import type { Holder, Resource } from '../resource/resource.ts';
import type { ApiDocument } from '../schema/document.ts';
import { keyOf, type Row } from '../table/row.ts';

/** Where the catalogue of permissions is. */
export const CATALOGUE = '/rbac/permissions/';

/** A permission of the catalogue. */
export type Permission = {
  /** With its app, such as `authentik_core.view_user`: how it is given. */
  readonly key: string;
  readonly codename: string;
  /** What it is about, such as `authentik_core.user`. */
  readonly model: string;
  readonly modelName: string;
  readonly name: string;
};

/** What permissions can be held on: an object in the words of the catalogue. */
export type ObjectOfModel = { readonly model: string; readonly pk: string };

/** The permissions of a model, under the name of the model. */
export type ModelGroup = { readonly model: string; readonly name: string; readonly permissions: readonly Permission[] };

/** Where those are listed who hold something on an object, such as `/rbac/permissions/assigned_by_users/`. */
export function holdersPath(holder: Holder): string {
  return `${CATALOGUE}assigned_by_${holder}/`;
}

/** Where permissions are given to a holder, or taken from one. */
export function grantPath(holder: Holder, pk: string, verb: 'assign' | 'unassign'): string {
  return `${holdersPath(holder)}${encodeURIComponent(pk)}/${verb}/`;
}

/** Reads the catalogue. */
export function permissionsOf(body: unknown): readonly Permission[] {
  return listOf(wireOf(body), 'results', (item) => permissionOf(wireOf(item)));
}

export function permissionOf(wire: Wire): Permission {
  const [app, codename] = [textOf(wire, 'app_label'), textOf(wire, 'codename')];
  return {
    key: `${app}.${codename}`,
    codename,
    model: `${app}.${textOf(wire, 'model')}`,
    modelName: textOf(wire, 'model_verbose'),
    name: textOf(wire, 'name'),
  };
}

/** The catalogue by what it is about, in the order of the alphabet, narrowed by words that must all be found. */
export function groupsOf(permissions: readonly Permission[], search = ''): readonly ModelGroup[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const isFound = ({ name, key, modelName }: Permission) => {
    const text = `${name} ${key} ${modelName}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  };
  const groups = Map.groupBy(permissions.filter(isFound), ({ model }) => model);
  return [...groups]
    .map(([model, members]) => ({
      model,
      name: members[0]?.modelName || model,
      permissions: members.toSorted((a, b) => rankOf(a) - rankOf(b)),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

const VERBS = ['view', 'change', 'add', 'delete'] as const;

/** What every model has comes first, and what is least is first of that. */
function rankOf(permission: Permission): number {
  const verb = verbOf(permission);
  return verb ? VERBS.indexOf(verb) : VERBS.length;
}

/** `view` of `view_user`, where it is one of the four that every model has; undefined for what only this model has. */
export function verbOf({ codename, model }: Permission): (typeof VERBS)[number] | undefined {
  return VERBS.find((verb) => codename === `${verb}_${model.split('.')[1]}`);
}

/** Keys of what a row of holders says that they hold on an object: it says what they hold on others as well. */
export function heldOn(row: Row, { model, pk }: ObjectOfModel): readonly string[] {
  return listOf(row, 'permissions', wireOf)
    .filter((grant) => textOf(grant, 'object_pk') === pk && permissionOf(grant).model === model)
    .map((grant) => permissionOf(grant).key);
}

/** An object in the words of the catalogue; undefined for what nothing can be held on, or where this server has none of it. */
export function objectOf(row: Row, resource: Resource, document: ApiDocument): ObjectOfModel | undefined {
  const model = textOf(row, 'meta_model_name') || resource.model;
  const pk = keyOf(row, 'pk') || keyOf(row, resource.key);
  if (model === undefined || pk === '' || !document.has(holdersPath('users'))) return undefined;
  const known = document.filters(holdersPath('users')).find(({ name }) => name === 'model')?.choices ?? [];
  return known.includes(model) ? { model, pk } : undefined;
}
