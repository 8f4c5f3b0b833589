import { findPermission, type Permission } from '@postern/models';
import type { directory } from '@postern/proto';
import type { Grant } from './assignment.ts';

/** A permission in the contract's words. */
export function encodePermission({
  id,
  name,
  codename,
  model,
  app,
  appLabel,
  modelLabel,
}: Permission): directory.Permission {
  return {
    id,
    name,
    codename,
    model: nameOf(model),
    app_label: app,
    app_label_verbose: appLabel,
    model_verbose: modelLabel,
  };
}

/** What somebody holds on one object, in the contract's words. */
export function encodeGrant({ id, permission, model, object }: Grant): directory.UserObjectPermission {
  const [app_label = '', codename = ''] = permission.split('.');
  return {
    id,
    codename,
    model: nameOf(model),
    app_label,
    object_pk: object,
    name: findPermission(permission)?.name ?? codename,
  };
}

/** The same with what people call app, model and object. */
export function encodeNamedGrant(
  grant: Grant,
  object_description: string | undefined,
): directory.ExtraUserObjectPermission {
  const found = findPermission(grant.permission);
  return {
    ...encodeGrant(grant),
    app_label_verbose: found?.appLabel ?? '',
    model_verbose: found?.modelLabel ?? '',
    object_description,
  };
}

function nameOf(model: string): string {
  return model.slice(model.indexOf('.') + 1);
}
