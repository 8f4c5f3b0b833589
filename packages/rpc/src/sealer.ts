import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { ClientInfo, Principal, ServiceName } from './caller.ts';
import type { ChangeSet } from './change-set.ts';
import { rpcErrors } from './rpc.errors.ts';
import type { Handed } from './wire.ts';

/** Signs and verifies who is calling (`postern-principal`), where the request came in (`postern-client`), and `postern-change-set`. */
export type Sealer = {
  /** Signs a principal. Default lifetime 30 s. */
  sealPrincipal(principal: Principal, options?: { ttlMs?: number }): string;
  /** Verifies a principal. Throws CALLER_TOKEN_INVALID. The result is frozen. */
  openPrincipal(token: string): Principal;
  /** Signs a service that acts for itself, for 30 s. The calls of ten seconds share a signature: enough is left for whatever a call does. */
  sealService(name: ServiceName, tenant: string): string;
  /** Signs a client. Default lifetime 60 s. */
  sealClient(client: ClientInfo, options?: { ttlMs?: number }): string;
  /**
   * Hands a client to services of this process, as it is: it is signed when it leaves the process, and never where it stays. Freezes it. As good for as long
   * as a signed one.
   */
  handClient(client: ClientInfo): Handed;
  /** Verifies a client. Throws CALLER_TOKEN_INVALID. The result is frozen. */
  openClient(token: string | Handed): ClientInfo;
  /** Signs a change set, for 30 s. Freezes it: the calls of ten seconds that give the same object share a signature. */
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
/** A token that is known to be ours. */
type Sealed<T> = { readonly expires: number; readonly plain: string; value?: T };
type Envelope<T> = {
  seal(value: T, ttlMs: number): Sealed<T> & { readonly token: string };
  open(token: string): Sealed<T>;
};

const PREFIX: Record<Kind, string> = { principal: 'p1', client: 'c1', 'change-set': 's1' };
/** How long a client is good for, in milliseconds. */
const CLIENT_MS = 60_000;
/** How long a change set is good for, and how many tokens of change sets are remembered: those that vouch for objects are long, and used once. */
const CHANGE_SET_MS = 30_000;
/** How long a service that acts for itself is good for, in milliseconds. */
const SERVICE_MS = 30_000;
const OPEN_CHANGE_SETS = 100;
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
  const remembered = <T extends object>({ seal, open }: Envelope<T>, most = cacheSize) => {
    const verified = new LRUCache<string, Sealed<T>>({ max: most });
    return {
      // Within a process a token is opened by whom it was sealed by: what is known to be ours is not verified again.
      seal: (value: T, ttlMs: number): string => {
        const sealed = seal(value, ttlMs);
        verified.set(sealed.token, sealed);
        return sealed.token;
      },
      open: (token: string): T => {
        const known = verified.get(token);
        if (known !== undefined && known.expires + leewayMs > now()) return readValue(known);
        const opened = open(token);
        verified.set(token, opened);
        return readValue(opened);
      },
    };
  };
  const inHand = new WeakMap<Handed, { readonly value: ClientInfo; readonly expires: number }>();
  const [principal, client] = [remembered(principals), remembered(clients)];
  const changeSet = remembered(changeSets, OPEN_CHANGE_SETS);
  const underWay = new WeakMap<ChangeSet, { readonly token: string; readonly until: number }>();
  // One for all clients of the process: there are hundreds, and a cache takes its memory when it is made.
  const services = new LRUCache<string, { readonly token: string; readonly until: number }>({ max: cacheSize });
  return {
    sealPrincipal: (value, { ttlMs = 30_000 } = {}) => principal.seal(value, ttlMs),
    sealService(name, tenant) {
      const key = `${name} ${tenant}`;
      const known = services.get(key);
      if (known !== undefined && known.until > now()) return known.token;
      const token = principal.seal({ kind: 'service', tenant, name }, SERVICE_MS);
      services.set(key, { token, until: now() + SERVICE_MS / 3 });
      return token;
    },
    sealClient: (value, { ttlMs = CLIENT_MS } = {}) => client.seal(value, ttlMs),
    openPrincipal: principal.open,
    // One request makes several calls, all with the same client.
    handClient(value) {
      let token: string | undefined;
      const handed: Handed = {
        handed: true,
        toString() {
          token ??= client.seal(value, CLIENT_MS);
          return token;
        },
      };
      inHand.set(handed, { value: frozen(value), expires: now() + CLIENT_MS });
      return handed;
    },
    openClient(token) {
      if (typeof token === 'string') return client.open(token);
      // Only what this sealer handed out is known to it.
      const known = inHand.get(token);
      if (known === undefined || known.expires + leewayMs <= now()) throw rpcErrors.CALLER_TOKEN_INVALID();
      return known.value;
    },
    sealChangeSet(value) {
      const known = underWay.get(value);
      if (known !== undefined && known.until > now()) return known.token;
      // What is frozen says tomorrow what it says today.
      const token = changeSet.seal(frozen(value), CHANGE_SET_MS);
      underWay.set(value, { token, until: now() + CHANGE_SET_MS / 3 });
      return token;
    },
    openChangeSet: changeSet.open,
  };
}

/** What a token that is ours says. It is read when somebody asks: never from the object that was sealed, which is its owner's to change. */
function readValue<T extends object>(sealed: Sealed<T>): T {
  const { plain } = sealed;
  sealed.value ??= frozen<T>(JSON.parse(plain).value);
  return sealed.value;
}

/** `<version>[z].<payload>.<mac>`, base64url. The payload is JSON of expiry and value, deflated when the version ends in `z`. */
function createEnvelope<T>(kind: Kind, secrets: readonly string[], now: () => number, leewayMs: number): Envelope<T> {
  const keys = secrets.map((secret) => deriveKey(secret, kind));
  const [signing] = keys;
  if (signing === undefined) throw rpcErrors.SEALING_KEY_MISSING();
  const version = PREFIX[kind];

  const seal: Envelope<T>['seal'] = (value, ttlMs) => {
    const expires = now() + ttlMs;
    const plain = JSON.stringify({ expires, value });
    const bytes = Buffer.from(plain);
    const isLong = bytes.length >= COMPRESS_FROM;
    const payload = (isLong ? deflateRawSync(bytes) : bytes).toString('base64url');
    const signed = `${version}${isLong ? 'z' : ''}.${payload}`;
    return { token: `${signed}.${macOf(signing, signed).toString('base64url')}`, expires, plain };
  };

  function open(token: string): Sealed<T> {
    const [head, payload, mac, ...rest] = token.split('.');
    if (payload === undefined || mac === undefined || rest.length > 0) throw rpcErrors.CALLER_TOKEN_INVALID();
    if (head !== version && head !== `${version}z`) throw rpcErrors.CALLER_TOKEN_INVALID();
    const given = Buffer.from(mac, 'base64url');
    const isOurs = keys.some((key) => equal(given, macOf(key, `${head}.${payload}`)));
    if (!isOurs) throw rpcErrors.CALLER_TOKEN_INVALID();
    const bytes = Buffer.from(payload, 'base64url');
    const plain = (head === version ? bytes : inflateRawSync(bytes, { maxOutputLength: LARGEST })).toString();
    const { expires, value }: { expires: number; value: T } = JSON.parse(plain);
    if (expires + leewayMs <= now()) throw rpcErrors.CALLER_TOKEN_INVALID();
    return { expires, plain, value: frozen(value) };
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
