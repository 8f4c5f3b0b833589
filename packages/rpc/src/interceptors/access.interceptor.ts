import { common } from '@postern/errors';
import { requireAccess } from '../access.rule.ts';
import type { UserPrincipal } from '../caller.ts';
import type { Exchange, Interceptor } from '../exchange.ts';
import { grantedTo, type ObjectRights } from '../object-rights.ts';
import { KEYS } from '../wire.ts';

/** How an RPC names what it is about. */
export type Target = {
  /** The object that the path of a request names; undefined where it names none. */
  readonly objectOf?: (request: Uint8Array) => string;
  /** Whether it lists objects. */
  readonly isList: boolean;
};

/** What checking access needs. */
export type AccessDeps = {
  /** Undefined where nobody holds anything on single objects. */
  readonly objects: ObjectRights | undefined;
  readonly targetOf: (path: string) => Target | undefined;
};

/** Applies the access rule of the RPC: on everything, else on the object that the path names, else on the objects that a list shows. */
export function checkAccess({ objects, targetOf }: AccessDeps): Interceptor {
  return async (exchange, next) => {
    const { method, context } = exchange;
    const asked = objects && lackedBy(exchange);
    if (!asked) {
      requireAccess(method.access, context.principal);
      return next();
    }
    const target = targetOf(method.path);
    if (target?.objectOf) {
      await requireObject(objects, asked.permission, target.objectOf(exchange.request), exchange);
      return next();
    }
    if (!target?.isList || !isView(asked.permission)) throw common.PERMISSION_DENIED();
    // The contract hides a list that would be empty, but not from accounts of the platform.
    const isInternal = asked.principal.user.type === 'internal_service_account';
    const extent = await objects.any(asked.permission, context);
    if (!isInternal && extent === 'none') throw common.PERMISSION_DENIED();
    exchange.reach = grantedTo(asked.principal, asked.permission, extent);
    const answer = await next();
    // Whoever only asks whether they would be let in is answered without the handler.
    if (!exchange.isReachKnown && !exchange.metadata.has(KEYS.admission)) throw common.PERMISSION_DENIED();
    return answer;
  };
}

/** The permission that a user lacks on everything; undefined where there is another reason to let them in, or not to. */
function lackedBy({ method, context: { principal } }: Exchange): Lacked | undefined {
  const { access } = method;
  if (access.kind !== 'permission' || principal.kind !== 'user' || principal.superuser) return undefined;
  return principal.permissions.includes(access.permission) ? undefined : { permission: access.permission, principal };
}

type Lacked = { readonly permission: string; readonly principal: UserPrincipal };

/** Whoever may see some objects learns no more of the others than that they are not there. */
async function requireObject(objects: ObjectRights, permission: string, name: string, { context }: Exchange) {
  if (await objects.on(permission, name, context)) return;
  const isSeen = isView(permission) && (await objects.any(permission, context)) !== 'none';
  throw isSeen ? common.NOT_FOUND() : common.PERMISSION_DENIED();
}

function isView(permission: string): boolean {
  return permission.includes('.view_');
}
