import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { ClientInfo, Principal } from './caller.ts';
import type { ChangeSet } from './change-set.ts';
import { rpcErrors } from './rpc.errors.ts';

/** Signs and verifies who is calling (`postern-principal`), where the request came in (`postern-client`), and `postern-change-set`. */
export type Sealer = {
  /** Signs a principal. Default lifetime 30 s. */
  sealPrincipal(principal: Principal, options?: { ttlMs?: number }): string;
  /** Verifies a principal. Throws CALLER_TOKEN_INVALID. The result is frozen. */
  openPrincipal(token: string): Principal;
  /** Signs a client. Default lifetime 60 s. */
  sealClient(client: ClientInfo, options?: { ttlMs?: number }): string;
  /** Verifies a client. Throws CALLER_TOKEN_INVALID. The result is frozen. */
  openClient(token: string): ClientInfo;
  /** Signs a change set, for one call: 30 s. */
  sealChangeSet(changeSet: ChangeSet): string;
  /** Verifies a change set. Throws CALLER_TOKEN_INVALID. */
  openChangeSet(token: string): ChangeSet;
};

/** Settings of a sealer. */
export type SealerOptions = {
  /** Epoch milliseconds; the machine's clock by default. */
  now?: () => number;
  /** How far the clocks of two machines may differ. Default 5 s. */
  leewayMs?: number;
  /** Verified tokens of each kind that are remembered. Default 5,000. */
  cacheSize?: number;
};

type Kind = 'principal' | 'client' | 'change-set';
type Opened<T> = { readonly value: T; readonly expires: number };

const PREFIX: Record<Kind, string> = { principal: 'p1', client: 'c1', 'change-set': 's1' };
/** Permission lists are long and repetitive; below this size compression does not pay. */
const COMPRESS_FROM = 1024;
const LARGEST = 256 * 1024;

/**
 * Creates a sealer.
 *
 * @param secret the secret key of the installation; of several, the first signs and all verify (rotation)
 */
export function createSealer(secret: string | readonly string[], options: SealerOptions = {}): Sealer {
  const { now = Date.now, leewayMs = 5_000, cacheSize = 5_000 } = options;
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const principals = createEnvelope<Principal>('principal', secrets, now, leewayMs);
  const clients = createEnvelope<ClientInfo>('client', secrets, now, leewayMs);
  const changeSets = createEnvelope<ChangeSet>('change-set', secrets, now, leewayMs);
  const remembered = <T extends object>({ seal, open }: Envelope<T>) => {
    const verified = new LRUCache<string, Opened<T>>({ max: cacheSize });
    return {
      // Within one process a token is opened where it was sealed: nobody has to verify it there.
      seal: (value: T, ttlMs: number): string => {
        const expires = now() + ttlMs;
        const { token, plain } = seal(value, expires);
        verified.set(token, { value: frozen(JSON.parse(plain).value), expires });
        return token;
      },
      open: (token: string): T => {
        const known = verified.get(token);
        if (known !== undefined && known.expires + leewayMs > now()) return known.value;
        const opened = open(token);
        verified.set(token, { ...opened, value: frozen(opened.value) });
        return opened.value;
      },
    };
  };
  return {
    sealPrincipal: (principal, { ttlMs = 30_000 } = {}) => principals.seal(principal, ttlMs),
    sealClient: (client, { ttlMs = 60_000 } = {}) => clients.seal(client, ttlMs),
    openPrincipal: remembered(principals.open),
    // One request makes several calls, all with the same client.
    openClient: remembered(clients.open),
    sealChangeSet: (changeSet) => changeSets.seal(changeSet, 30_000),
    // Each is opened once: nothing to remember.
    openChangeSet: (token) => changeSets.open(token).value,
  };
}

/** `<version>[z].<payload>.<mac>`, base64url. The payload is JSON of expiry and value, deflated when the version ends in `z`. */
function createEnvelope<T>(kind: Kind, secrets: readonly string[], now: () => number, leewayMs: number) {
  const keys = secrets.map((secret) => deriveKey(secret, kind));
  const [signing] = keys;
  if (signing === undefined) throw rpcErrors.SEALING_KEY_MISSING();
  const version = PREFIX[kind];

  const seal = (value: T, ttlMs: number): string => {
    const plain = Buffer.from(JSON.stringify({ expires: now() + ttlMs, value }));
    const isLong = plain.length >= COMPRESS_FROM;
    const payload = (isLong ? deflateRawSync(plain) : plain).toString('base64url');
    const signed = `${version}${isLong ? 'z' : ''}.${payload}`;
    return `${signed}.${macOf(signing, signed).toString('base64url')}`;
  };

  function open(token: string): Opened<T> {
    const [head, payload, mac, ...rest] = token.split('.');
    if (payload === undefined || mac === undefined || rest.length > 0) throw rpcErrors.CALLER_TOKEN_INVALID();
    if (head !== version && head !== `${version}z`) throw rpcErrors.CALLER_TOKEN_INVALID();
    const given = Buffer.from(mac, 'base64url');
    const isOurs = keys.some((key) => equal(given, macOf(key, `${head}.${payload}`)));
    if (!isOurs) throw rpcErrors.CALLER_TOKEN_INVALID();
    const bytes = Buffer.from(payload, 'base64url');
    const plain = head === version ? bytes : inflateRawSync(bytes, { maxOutputLength: LARGEST });
    const opened: Opened<T> = JSON.parse(plain.toString());
    if (opened.expires + leewayMs <= now()) throw rpcErrors.CALLER_TOKEN_INVALID();
    return opened;
  }

  return { seal, open };
}

/** HKDF (RFC 5869) with one label per kind, so that a token of one kind is worth nothing as the other. */
function deriveKey(secret: string, kind: Kind): KeyObject {
  if (secret.length < 16) throw rpcErrors.SEALING_KEY_MISSING();
  // A key object makes each signature five times cheaper than the same key as bytes.
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `postern/rpc/${kind}/v1`, 32)));
}

function macOf(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The cache hands one object to many calls; freezing keeps them apart. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
