import { type Database, listPage } from '@postern/database';
import { auth } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Users } from '../accounts/index.ts';
import { encodeToken } from './token.codec.ts';
import { TOKEN_MODEL } from './token.facts.ts';
import { tokenList } from './token.list.ts';
import { givenToken, type TokenOperations } from './token.operations.ts';
import { askerOf } from './token.rules.ts';

/** What serving tokens needs. */
export type TokenRpcDeps = {
  readonly database: Pick<Database, 'read'>;
  readonly operations: TokenOperations;
  readonly users: Users;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
};

/** Serves tokens. */
export function createTokenRpc(deps: TokenRpcDeps): BoundService {
  const { operations, neighbours } = deps;
  return bind(auth.TokenServiceDefinition, {
    listTokens: (request, call) => list(request, call, deps),
    createToken: ({ token }, call) => operations.create(givenToken(token), call),
    getToken: ({ identifier }, call) => operations.get(identifier, call),
    updateToken: ({ identifier, token, update_mask }, call) =>
      operations.update(identifier, givenToken(token), update_mask, call),
    deleteToken: async ({ identifier }, call) => {
      await operations.remove(identifier, call);
      return {};
    },
    listTokenUsedBy: async ({ identifier }, call) => ({
      items: await neighbours.usedBy(TOKEN_MODEL, await operations.keyOf(identifier, call), call),
    }),
    setTokenKey: async ({ identifier, key }, call) => {
      await operations.setKey(identifier, key, call);
      return {};
    },
    viewTokenKey: async ({ identifier }, call) => ({ key: await operations.viewKey(identifier, call) }),
  });
}

/** The tokens of the caller; of everyone for those who may act on them. */
async function list(
  request: auth.ListTokensRequest,
  call: Call,
  { database, users }: TokenRpcDeps,
): Promise<auth.ListTokensResponse> {
  const { mayAll, pk } = askerOf(call);
  const scope = mayAll ? {} : { where: { user: pk } };
  const page = await database.read(call.context, (em) => listPage(em, tokenList, request, scope));
  const owners = await users.byPk(
    page.results.map(({ user }) => user),
    call,
  );
  return {
    pagination: page.pagination,
    results: page.results.map((token) => encodeToken(token, owners.get(token.user))),
  };
}
