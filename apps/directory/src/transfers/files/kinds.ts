/** What a file of users, groups or roles may say. */

/** What rows are. */
export type Kind = 'users' | 'groups' | 'roles';

/** How rows are written. */
export type Format = 'csv' | 'jsonl';

/** What a field holds: a text, a truth value, a JSON object, or names of other objects. */
export type FieldType = 'text' | 'boolean' | 'object' | 'names';

/** A row that was read: the fields that it says something about. */
export type Row = Readonly<Record<string, unknown>>;

type KindFacts = {
  /** Field by which an object is found: without one of that name, a new one is made. */
  readonly key: string;
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Field that imports read and exports do not write. */
  readonly onlyRead?: string;
  /** What beginning an import needs, and going on with it. */
  readonly add: string;
  readonly change: string;
  readonly view: string;
};

/** The kinds, their fields in the order in which an export writes them, and the permissions that they ask for. */
export const KINDS: Readonly<Record<Kind, KindFacts>> = {
  users: {
    key: 'username',
    fields: {
      username: 'text',
      name: 'text',
      email: 'text',
      is_active: 'boolean',
      path: 'text',
      type: 'text',
      attributes: 'object',
      groups: 'names',
    },
    add: 'authentik_core.add_user',
    change: 'authentik_core.change_user',
    view: 'authentik_core.view_user',
  },
  groups: {
    key: 'name',
    fields: {
      name: 'text',
      parent: 'text',
      is_superuser: 'boolean',
      attributes: 'object',
      roles: 'names',
      members: 'names',
    },
    // Users say which groups they belong to.
    onlyRead: 'members',
    add: 'authentik_core.add_group',
    change: 'authentik_core.change_group',
    view: 'authentik_core.view_group',
  },
  roles: {
    key: 'name',
    fields: { name: 'text', permissions: 'names' },
    add: 'authentik_rbac.add_role',
    change: 'authentik_rbac.change_role',
    view: 'authentik_rbac.view_role',
  },
};

/** Something is wrong with a row; `field` is empty where it is none alone. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Something is wrong with the file as a whole: nothing more of it is read. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

const CREDENTIALS = /passw|secret|hash|token|credential/i;

/** What is said of a field that files do not have. */
export function unknownField(field: string, kind: Kind): string {
  const known = Object.keys(KINDS[kind].fields).join(', ');
  const why = CREDENTIALS.test(field) ? ' Passwords and other credentials are not imported.' : '';
  return `Unknown field "${field.slice(0, 100)}".${why} Fields of ${kind}: ${known}.`;
}
