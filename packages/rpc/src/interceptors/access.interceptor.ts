import { requireAccess } from '../access.rule.ts';
import type { Interceptor } from '../exchange.ts';

/** Applies the access rule of the RPC. */
export const checkAccess: Interceptor = async ({ method, context }, next) => {
  requireAccess(method.access, context.principal);
  return next();
};
