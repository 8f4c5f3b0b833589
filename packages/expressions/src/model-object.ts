import type { Json } from './json.ts';

/** What an expression may be given: JSON, dates, and objects with attributes. Undefined members are left out. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Date
  | ModelObject
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** The kinds of objects with methods of their own; any other kind has attributes only. */
export type ModelKind = 'user' | 'group' | 'groups' | 'request' | 'plan' | 'ip' | (string & {});

/**
 * A value that Python sees as an object (`provider.name`) and not as a dictionary (`context["geoip"]`). Members are by value: what an
 * expression assigns to an object is forgotten, unless the object lies in the context of a policy.
 */
export class ModelObject {
  readonly kind: ModelKind;
  readonly members: { readonly [key: string]: Value | undefined };

  constructor(kind: ModelKind, members: { readonly [key: string]: Value | undefined }) {
    this.kind = kind;
    this.members = members;
  }

  /** The members as plain JSON, without the kinds of nested objects. */
  toJSON(): { [key: string]: Json } {
    return JSON.parse(JSON.stringify(this.members));
  }
}

/** An object with attributes: `object('notification', { body, severity })`. */
export function object(kind: ModelKind, members: { readonly [key: string]: Value | undefined }): ModelObject {
  return new ModelObject(kind, members);
}
