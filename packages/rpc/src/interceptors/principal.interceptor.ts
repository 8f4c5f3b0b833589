import { randomUUID } from 'node:crypto';
import type { CallerTokens } from '../call.ts';
import { type Context, noClient } from '../caller.ts';
import { openChangeSet } from '../change-set.ts';
import type { Exchange, Interceptor } from '../exchange.ts';
import { rpcErrors } from '../rpc.errors.ts';
import type { Sealer } from '../sealer.ts';
import { KEYS, textOf, tokenOf } from '../wire.ts';

/** Verifies who is calling and where the request came in. A call that carries neither is nobody's, of the default tenant. */
export function identifyCaller({ sealer, defaultTenant }: { sealer: Sealer; defaultTenant: string }): Interceptor {
  return (exchange, next) => {
    exchange.tokens = tokensOf(exchange);
    exchange.context = contextOf(exchange.tokens, sealer, defaultTenant);
    return next();
  };
}

function tokensOf({ metadata }: Exchange): CallerTokens {
  const changeSet = textOf(metadata, KEYS.changeSet);
  const caller = { principal: textOf(metadata, KEYS.principal), client: tokenOf(metadata, KEYS.client) };
  return changeSet === undefined ? caller : { ...caller, changeSet };
}

function contextOf(tokens: CallerTokens, sealer: Sealer, defaultTenant: string): Context {
  const known = tokens.principal === undefined ? undefined : sealer.openPrincipal(tokens.principal);
  const sealed = tokens.client === undefined ? undefined : sealer.openClient(tokens.client);
  const tenant = known?.tenant ?? sealed?.tenant ?? defaultTenant;
  if (sealed !== undefined && sealed.tenant !== tenant) throw rpcErrors.CALLER_TOKEN_INVALID();
  const client = sealed ?? noClient(tenant, randomUUID());
  const principal = known ?? ({ kind: 'anonymous', tenant } as const);
  const context = { tenant, principal, client, requestId: client.requestId };
  if (tokens.changeSet === undefined) return context;
  return { ...context, changeSet: openChangeSet(tokens.changeSet, principal, sealer) };
}
