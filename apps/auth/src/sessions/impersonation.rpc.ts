import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { Impersonation } from './impersonation.operations.ts';

/** Serves acting as somebody else. */
export function createImpersonationRpc(impersonation: Impersonation): BoundService {
  return bind(auth.ImpersonationServiceDefinition, {
    async startImpersonation({ id }, call) {
      // Not an error of the catalogue: the contract answers a bare 401.
      if (!(await impersonation.begin(id, call))) call.response.status(401);
      return {};
    },
    async endImpersonation(_request, call) {
      await impersonation.end(call);
      return {};
    },
  });
}
