import type { Egress } from '@postern/egress';
import type { JsonObject } from '../../client-settings/index.ts';
import type { Clock } from '../ports.ts';
import { keysOf } from './key-set.ts';

/** Key sets that clients publish, by address. None where the address gives none. */
export type RemoteKeys = {
  /** What was read last, or is read now. */
  find(url: string): Promise<readonly JsonObject[]>;
  /** Reads again for a key that is not there: at most once in a while, whoever asks. */
  refresh(url: string): Promise<readonly JsonObject[]>;
};

export type RemoteKeysDeps = { readonly egress: Pick<Egress, 'call'>; readonly clock: Clock };

const FRESH_MS = 600_000;
/** Nobody makes us call a client's server more often than this, however many unknown keys they name. */
const PAUSE_MS = 30_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;
const MAX_KEYS = 50;
const CAPACITY = 1_000;

type Known = { readonly keys: Promise<readonly JsonObject[]>; readonly read: number };

/** Creates the memory of key sets: each is read once for all who wait for it, and remembered for ten minutes. */
export function createRemoteKeys({ egress, clock }: RemoteKeysDeps): RemoteKeys {
  const known = new Map<string, Known>();

  async function load(url: string): Promise<readonly JsonObject[]> {
    const headers = { accept: 'application/jwk-set+json, application/json' };
    try {
      const { status, body } = await egress.call(url, { headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
      return status === 200 ? keysOf(JSON.parse(body.toString())).slice(0, MAX_KEYS) : [];
    } catch {
      // No key verifies nothing: whoever asks is refused, and the next one asks again after a pause.
      return [];
    }
  }

  function read(url: string): Promise<readonly JsonObject[]> {
    const keys = load(url);
    const [oldest] = known.keys();
    if (known.size >= CAPACITY && oldest !== undefined && !known.has(url)) known.delete(oldest);
    known.set(url, { keys, read: clock.now().getTime() });
    return keys;
  }

  const current = (url: string, ageMs: number) => {
    const found = known.get(url);
    return found && found.read + ageMs > clock.now().getTime() ? found.keys : undefined;
  };

  return {
    async find(url) {
      const keys = await (current(url, FRESH_MS) ?? read(url));
      return keys.length > 0 ? keys : (current(url, PAUSE_MS) ?? read(url));
    },
    refresh: async (url) => current(url, PAUSE_MS) ?? read(url),
  };
}
