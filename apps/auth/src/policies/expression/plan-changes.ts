import { type Evaluation, type Kept, ModelObject } from '@postern/expressions';
import {
  type ContextPatch,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PendingUser,
} from '../../plans/index.ts';

type Mutable = { -readonly [Key in keyof ContextPatch]: ContextPatch[Key] };
type Reader = (value: Kept, patch: Mutable) => void;

/** What an expression may change in a plan. Anything else that it writes there is forgotten: no stage would know it. */
const READERS: Readonly<Record<string, Reader>> = {
  pending_user: (value, patch) => {
    const user = userOf(value);
    if (user !== undefined) patch.pending_user = user;
  },
  pending_user_identifier: text('pending_user_identifier'),
  redirect: text('redirect'),
  deny_message: text('deny_message'),
  user_path: text('user_path'),
  user_type: text('user_type'),
  email: text('email'),
  consent_header: text('consent_header'),
  prompt_data: (value, patch) => {
    const data = plain(value);
    if (isJsonObject(data)) patch.prompt_data = data;
  },
};

const REMOVABLE: ReadonlySet<string> = new Set(Object.keys(READERS));

/** The changes of a plan that an expression asks for; undefined for none. */
export function patchOf({ plan, redirect }: Evaluation['changes']): ContextPatch | undefined {
  const patch: Mutable = {};
  for (const [key, value] of Object.entries(plan.set)) if (Object.hasOwn(READERS, key)) READERS[key]?.(value, patch);
  for (const key of plan.removed) if (REMOVABLE.has(key)) Object.assign(patch, { [key]: undefined });
  if (redirect !== undefined) patch.redirect_next = redirect;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function text(
  key: 'pending_user_identifier' | 'redirect' | 'email' | 'deny_message' | 'user_path' | 'user_type' | 'consent_header',
): Reader {
  return (value, patch) => {
    if (typeof value === 'string') patch[key] = value;
  };
}

/** Somebody who exists. That their password was proved cannot be said by an expression. */
function userOf(value: Kept): PendingUser | undefined {
  if (!(value instanceof ModelObject) || value.kind !== 'user') return undefined;
  const { pk, uuid, username } = value.members;
  if (typeof pk !== 'number' || typeof uuid !== 'string' || typeof username !== 'string') return undefined;
  return { kind: 'account', pk, uuid, username };
}

function plain(value: Kept): JsonValue {
  const copy: JsonValue | JsonObject = JSON.parse(JSON.stringify(value));
  return copy;
}
