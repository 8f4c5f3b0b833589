import { lookup, reverse } from 'node:dns/promises';
import type { HostFunctions } from './contract.ts';

const KEPT = 32;
const KEPT_MS = 180_000;
const PATIENCE_MS = 2_000;

/** `resolve_dns` and `reverse_dns`, which remember 32 answers for three minutes and wait two seconds for one. */
export function createDnsFunctions({ now = Date.now }: { now?: () => number } = {}): HostFunctions {
  const remember = createMemory(now);
  return {
    resolve_dns: async ({ host, ip_version }) => {
      const family = ip_version === 4 || ip_version === 6 ? ip_version : 0;
      return remember(`name ${family} ${host}`, async () => {
        const found = await lookup(String(host), { all: true, family });
        return [...new Set(found.map(({ address }) => address))];
      }).catch(() => []);
    },
    reverse_dns: async ({ ip }) => {
      const address = String(ip);
      return remember(`address ${address}`, async () => (await reverse(address))[0] ?? address).catch(() => address);
    },
  };
}

function createMemory(now: () => number) {
  const known = new Map<string, { until: number; answer: Promise<string | string[]> }>();
  return (key: string, ask: () => Promise<string | string[]>): Promise<string | string[]> => {
    const found = known.get(key);
    if (found !== undefined && found.until > now()) return found.answer;
    known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
    const answer = inTime(ask());
    known.set(key, { until: now() + KEPT_MS, answer });
    return answer;
  };
}

function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('The name server does not answer.')), PATIENCE_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
