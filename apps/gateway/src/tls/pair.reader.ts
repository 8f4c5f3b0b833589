import { common } from '@postern/errors';
import type { Logger } from '@postern/observability';
import type { providers } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';

/** A certificate with its chain, and its private key, as `node:tls` takes them. Never kept: what is made of it is. */
export type PairTexts = { readonly cert: string; readonly key: string };

/**
 * Reads a pair of a tenant and makes something of it; an empty key stands for the self-signed pair of the tenant. Undefined where that
 * pair cannot be shown to anybody. Rejects when `providers` cannot be asked.
 */
export type PairReader = <T>(tenant: string, pair: string, make: (texts: PairTexts) => T) => Promise<T | undefined>;

/** What reading pairs needs. */
export type PairReaderDeps = {
  providers: Pick<Client<typeof providers.ServingPairServiceDefinition>, 'readServingPair'>;
  log: Logger;
};

/** Creates the reader. */
export function createPairReader({ providers, log }: PairReaderDeps): PairReader {
  return async (tenant, pair, make) => {
    const found = await providers.readServingPair({ key_pair: pair }, asService(tenant)).catch((error: unknown) => {
      if (common.NOT_FOUND.is(error)) return undefined;
      throw error;
    });
    try {
      if (found) return make({ cert: found.certificate, key: found.private_key });
      log.warn({ tenant, pair }, 'a key pair of the web server is gone, or certificate and private key do not fit');
    } catch (error) {
      // The reason alone, such as a key that is too short: nothing of what was read.
      log.warn({ tenant, pair, reason: codeOf(error) }, 'a key pair of the web server cannot be used');
    }
    return undefined;
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
