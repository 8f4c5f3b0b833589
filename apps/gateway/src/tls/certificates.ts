import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { common } from '@postern/errors';
import { createFreshCache } from '../credentials/fresh.cache.ts';
import { type ChangeFeed, followChanges } from '../credentials/generations.ts';
import type { Host, Tenants } from '../credentials/tenants.ts';
import type { PairReader, PairTexts } from './pair.reader.ts';
import { serverNameOf } from './server-name.ts';

/** Knows what is shown to whom. */
export type Certificates = {
  /**
   * What a client is shown that names a host. Throws THROTTLED for an address that asks about too many hosts that nobody asked about lately;
   * rejects when nothing can be shown.
   */
  named(name: string, address: string): Promise<SecureContext>;
  /** Gives `install` what clients are shown that name no host: once, and again whenever that is another. */
  standard(address: string): Promise<void>;
  close(): Promise<void>;
};

/** What choosing needs. */
export type CertificatesDeps = {
  tenants: Pick<Tenants, 'resolve' | 'known'>;
  read: PairReader;
  /** Counts a question. Throws THROTTLED. */
  throttle(address: string): void;
  install(options: TlsOptions): void;
  bus?: ChangeFeed;
  clock: () => number;
};

/** What a context is made from. */
export type TlsOptions = PairTexts & typeof RULES;

const CHANGES = ['providers.v1.certificate_key_pair.*'];
/** As long as a session may be resumed: contexts that change end their sessions. */
const TTL_MS = 300_000;
const CONTEXTS = 1_000;
/** What is not there may be in a moment: a new tenant gets its pair without a word to anybody. */
const ABSENCE_MS = 1_000;
/** No client shows a certificate: nobody has to be trusted. TLS 1.0 and 1.1 are out of use (RFC 8996). */
export const RULES = { minVersion: 'TLSv1.2' as const, ca: [] as string[] };

/** Remembers contexts, and nothing else of a key, until `providers` tells of a change of the tenant's pairs. */
export function createCertificates({ tenants, read, throttle, install, bus, clock }: CertificatesDeps): Certificates {
  // A pair may come back under its old name or key: creation counts, too.
  const changes = followChanges(bus, CHANGES, { isHarmless: (verb) => verb === 'viewed' });
  const contexts = createFreshCache<SecureContext | 'none'>({ ttlMs: TTL_MS, max: CONTEXTS, clock });
  const installed = createFreshCache<'yes' | 'no'>({ ttlMs: TTL_MS, max: 1, clock });

  const unless = (absence: string) => (found: unknown) =>
    found === absence ? clock() + ABSENCE_MS : Number.POSITIVE_INFINITY;

  async function hostOf(name: string, address: string): Promise<Host> {
    const known = tenants.known(name);
    if (known) return known;
    throttle(address);
    return tenants.resolve(name).catch((error: unknown) => {
      if (name !== '' && common.NOT_FOUND.is(error)) return hostOf('', address);
      throw error;
    });
  }

  async function contextOf(tenant: string, pair: string): Promise<SecureContext | undefined> {
    const make = (texts: PairTexts) => createSecureContext({ ...RULES, ...texts });
    const load = async () => (await read(tenant, pair, make)) ?? 'none';
    const found = await contexts.get(`${tenant} ${pair}`, () => changes.of(tenant), load, unless('none'));
    return found === 'none' ? undefined : found;
  }

  return {
    async named(name, address) {
      const asked = await hostOf(serverNameOf(name), address);
      const own = await firstOf(pairsOf(asked), contextOf);
      const shown = own ?? (await firstOf(pairsOf(await hostOf('', address)), contextOf));
      if (!shown) throw new Error('there is no certificate to show');
      return shown;
    },
    async standard(address) {
      const host = await hostOf('', address);
      const use = (tenant: string, pair: string) =>
        read(tenant, pair, (texts) => {
          install({ ...RULES, ...texts });
          return 'yes' as const;
        });
      const mark = () => `${pairsOf(host).join(' ')} ${changes.of(host.tenant)}`;
      await installed.get('', mark, async () => (await firstOf(pairsOf(host), use)) ?? 'no', unless('no'));
    },
    close: () => changes.close(),
  };
}

type Pair = readonly [tenant: string, pair: string];

/** What may be shown at a host, the best first: the pair of its brand, else the self-signed one of its tenant. */
function pairsOf({ tenant, web_certificate }: Host): readonly Pair[] {
  const selfSigned: Pair = [tenant, ''];
  return web_certificate ? [[tenant, web_certificate], selfSigned] : [selfSigned];
}

async function firstOf<T>(pairs: readonly Pair[], open: (...pair: Pair) => Promise<T | undefined>) {
  for (const pair of pairs) {
    const opened = await open(...pair);
    if (opened !== undefined) return opened;
  }
  return undefined;
}
