import type { ApiClient } from '../../api/api.client.ts';
import type { FieldErrors } from '../../form/field-errors.ts';
import { type Change, change } from '../../settings/outcome.ts';
import { addressIn } from '../admin.query.ts';
import type { Holder } from '../resource/resource.ts';
import { grantPath, type ObjectOfModel } from './permission.ts';

/** What a form lacks in which no permission is chosen. */
export function noneIn(form: FormData, sentence: string): FieldErrors {
  return form.has('permissions') ? {} : { permissions: [sentence] };
}

/** Whose permissions are changed, and what on: everything where no object is named. */
export type Grant = { readonly holder: Holder; readonly pk: string; readonly object?: ObjectOfModel };

/** Gives what is wanted and not held, and takes what is held and not wanted. The first that is refused ends it. */
export async function changeGrants(
  api: ApiClient,
  { holder, pk, object }: Grant,
  held: readonly string[],
  wanted: readonly string[],
): Promise<Change> {
  const on = object ? { model: object.model, object_pk: object.pk } : {};
  const steps = [
    ['POST', 'assign', wanted.filter((key) => !held.includes(key))],
    ['PATCH', 'unassign', held.filter((key) => !wanted.includes(key))],
  ] as const;
  for (const [method, verb, permissions] of steps) {
    if (permissions.length === 0) continue;
    const result = await change(api, method, addressIn(grantPath(holder, pk, verb)), { permissions, ...on });
    if (!result.ok) return result;
  }
  return { ok: true, body: undefined };
}
