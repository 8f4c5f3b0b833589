import type { ComponentType, ReactNode } from 'react';
import type { AdminMessages } from '../messages/admin.messages.ts';
import type { ListState, Row } from '../table/row.ts';

/** The parts of the navigation. */
export type Group = keyof AdminMessages['groups'];

/** Who can be given permissions. */
export type Holder = 'users' | 'roles';

/** A column: the field of that name, or how to draw it. */
export type Column = {
  /** Path of the value within a row, such as `user_obj.username`. */
  readonly field: string;
  /** The field whose name it goes by, where that is another. */
  readonly as?: string;
  /** What the list is ordered by at a click on its head; undefined where the server has no such order. */
  readonly sort?: string;
  /** Left out on narrow screens. */
  readonly isWide?: boolean;
  readonly draw?: (row: Row) => ReactNode;
};

type Change = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Method = 'GET' | Change;

/** What the dialog of an action gets. */
export type ActionDialogProps = {
  /** Undefined for what is done with the list. */
  readonly row: Row | undefined;
  /** It is done: closes the dialog and says so. */
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
};

/** Something that can be done with an object, or with a list. */
export type Action = {
  readonly name: keyof Omit<AdminMessages['actions'], 'done' | 'confirm'>;
  /** Default: POST. */
  readonly method?: Method;
  /** Below the address of the object, or of the list; that itself by default. */
  readonly path?: string;
  /** The whole request, where it is not to an address below the object's. */
  readonly request?: (row: Row) => { readonly method: Change; readonly path: string; readonly body: object };
  /** Asks for more than a form does, or shows more: it does everything itself. */
  readonly dialog?: ComponentType<ActionDialogProps>;
  readonly body?: (row: Row) => object;
  /** Whether it makes sense for this object. */
  readonly isFor?: (row: Row) => boolean;
  /** Asks first. */
  readonly isGrave?: boolean;
  /** The operation takes fields, which a form asks for: the address as the document has it. */
  readonly form?: string;
  /** Fields of the form that go by the name of another, such as a key that is a user's. */
  readonly as?: Readonly<Record<string, string>>;
  /** The field of the answer that is shown, once and to be copied. */
  readonly shows?: string;
  /** Where to go afterwards, by the answer. */
  readonly goTo?: (answer: Row) => string;
  /** Whether it can be done with many at once. */
  readonly isForMany?: boolean;
};

/** A list of what belongs to an object, on its page. */
export type Related = {
  readonly resource: () => Resource;
  /** What narrows the list to those of the object. */
  readonly fixed: (row: Row) => ListState;
  /** What a new one of them has, where new ones are made here. */
  readonly given?: (row: Row) => Row;
};

/** A tab of an object's page that is no list. */
export type Part = {
  readonly words: keyof AdminMessages['parts'];
  /** The operation that it reads: without it there is no tab. */
  readonly path: string;
  readonly view: ComponentType<{ readonly row: Row }>;
};

/** Something that an object is asked for besides: read when its page is shown. */
export type Extra = {
  readonly name: keyof AdminMessages['extras'];
  /** The address as the OpenAPI document has it. */
  readonly path: string;
};

/** A resource of the API, and all that its pages need to know of it: the rest is in the OpenAPI document. */
export type Resource = {
  /** Its place in the address, such as `identity/users`: the one that links of other clients have. */
  readonly place: string;
  readonly group: Group;
  readonly words: keyof AdminMessages['resources'];
  /** Its list, such as `/core/users/`. */
  readonly path: string;
  /** The field that the address of an object has. */
  readonly key: string;
  /** The field that people know an object by, and the one below it, or what is said there. */
  readonly title: string;
  readonly subtitle?: string | ((row: Row) => string);
  readonly columns: readonly Column[];
  /** The order at first. */
  readonly ordering?: string;
  /** Parameters of the list that are offered as filters, in this order. */
  readonly filters?: readonly string[];
  /** Those that have a folder tree: the address that lists the folders. */
  readonly paths?: string;
  /** The form: its fields in order, or all that can be written without `omit`. */
  readonly fields?: readonly string[];
  readonly omit?: readonly string[];
  /** A family: objects are made at the addresses of its kinds, and the list below is of all of them. */
  readonly family?: { readonly prefix: string; readonly types: string; readonly component: string };
  /** No objects are made, changed or deleted here, although the API could. */
  readonly isFixed?: boolean;
  readonly actions?: readonly Action[];
  readonly listActions?: readonly Action[];
  readonly related?: readonly Related[];
  readonly extras?: readonly Extra[];
  readonly parts?: readonly Part[];
  /** What is shown of an object in place of its fields. */
  readonly view?: ComponentType<{ readonly row: Row }>;
  /** Whether an object changes by itself, and is read again until it does not. */
  readonly isMoving?: (row: Row) => boolean;
  /** What an object is called, where that is no field of it. */
  readonly nameOf?: (row: Row) => string;
  /** The model of its objects in the catalogue of permissions; those of families say it themselves. */
  readonly model?: string;
  /** Its objects hold permissions: the word for them in `/rbac/permissions/assigned_by_users/`. */
  readonly holder?: Holder;
  /** Whether it takes the operators' key, and no rights of whoever is signed in. */
  readonly isOperators?: boolean;
  /** An address from the root, which the OpenAPI document does not have. */
  readonly isUndocumented?: boolean;
  /** Fields of the details, where not all of them. */
  readonly details?: readonly string[];
  /** Not a page of its own: a list on the pages of others. */
  readonly isPart?: boolean;
};
