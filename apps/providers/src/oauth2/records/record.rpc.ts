import type { ListRequest } from '@postern/database';
import { common } from '@postern/errors';
import { providers } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { ACCESS_TOKENS, CODES, REFRESH_TOKENS, type RecordKind, type RecordRow } from './record.kinds.ts';
import { createRecordOperations, type RecordDeps } from './record.operations.ts';
import type { RecordView } from './record.view.ts';

export type RecordRpcDeps = RecordDeps & { readonly view: RecordView; readonly neighbours: Pick<Neighbours, 'usedBy'> };

type ById = { readonly id: number };

/** Serves codes, access tokens and refresh tokens. */
export function createRecordRpc(deps: RecordRpcDeps): BoundService[] {
  const [codes, access, refresh] = [
    methodsOf(deps, CODES),
    methodsOf(deps, ACCESS_TOKENS),
    methodsOf(deps, REFRESH_TOKENS),
  ];
  return [
    bind(providers.AuthorizationCodeServiceDefinition, {
      listCodes: codes.list,
      getCode: codes.get,
      deleteCode: codes.remove,
      listCodeUsedBy: codes.usedBy,
    }),
    bind(providers.IssuedAccessTokenServiceDefinition, {
      listAccessTokens: access.list,
      getAccessToken: access.get,
      deleteAccessToken: access.remove,
      listAccessTokenUsedBy: access.usedBy,
    }),
    bind(providers.IssuedRefreshTokenServiceDefinition, {
      listRefreshTokens: refresh.list,
      getRefreshToken: refresh.get,
      deleteRefreshToken: refresh.remove,
      listRefreshTokenUsedBy: refresh.usedBy,
    }),
  ];
}

/** The four methods of a kind. A code is a token that nothing is told with: its message has fewer fields of the same names. */
function methodsOf<Row extends RecordRow>(deps: RecordRpcDeps, kind: RecordKind<Row>) {
  const { view, neighbours } = deps;
  const operations = createRecordOperations(deps, kind);
  const model = `authentik_providers_oauth2.${kind.model}`;
  return {
    async list(request: ListRequest, call: Call) {
      const { pagination, results } = await operations.list(request, call);
      return { pagination, results: await view(results, call) };
    },
    async get({ id }: ById, call: Call) {
      const [shown] = await view([await operations.get(id, call)], call);
      if (!shown) throw common.NOT_FOUND();
      return shown;
    },
    async remove({ id }: ById, call: Call) {
      await operations.remove(id, call);
      return {};
    },
    async usedBy({ id }: ById, call: Call) {
      await operations.get(id, call);
      return { items: await neighbours.usedBy(model, id, call) };
    },
  };
}
