import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { type Database, prepared } from '@postern/database';

/** The keys of a tenant. */
export type SigningKeys = {
  /** RS256 signs with it. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Thumbprint of the public key (RFC 7638). */
  readonly kid: string;
  /** HS256 signs with it: 256 bits. */
  readonly secret: Buffer;
  /** Hides the session that a token belongs to: 256 bits. */
  readonly cover: Buffer;
};

/** Finds keys of tenants. */
export type SigningKeyStore = { of(tenant: string): Promise<SigningKeys> };

type Stored = { readonly rsa: string; readonly secret: string; readonly cover: string };

const LABEL = 'headless_key.keys';
const FIND = prepared('select keys from headless_key');
const ADD = prepared(
  'insert into headless_key (pk, keys) values (gen_random_uuid(), ?) on conflict (tenant_id) do nothing returning 1',
);
const BYTES = 32;
const RSA_BITS = 2048;
const generate = promisify(generateKeyPair);

/** Creates the store. The keys of a tenant are made when they are asked for first; of many who make some at once, one's are kept, and all use those. */
export function createSigningKeys({ statement, secrets }: Pick<Database, 'statement' | 'secrets'>): SigningKeyStore {
  const known = new Map<string, Promise<SigningKeys>>();

  const find = async (tenant: string) => (await statement<{ keys: string }>({ tenant }, FIND, []))[0]?.keys;

  async function load(tenant: string): Promise<SigningKeys> {
    let sealed = await find(tenant);
    if (sealed === undefined) {
      await statement({ tenant }, ADD, [secrets.seal(JSON.stringify(await newKeys()), LABEL)]);
      sealed = await find(tenant);
    }
    if (sealed === undefined) throw new Error(`the keys of tenant ${tenant} were not kept`);
    return opened(JSON.parse(secrets.open(sealed, LABEL)));
  }

  return {
    of(tenant) {
      const before = known.get(tenant);
      if (before !== undefined) return before;
      const loaded = load(tenant);
      known.set(tenant, loaded);
      loaded.catch(() => known.delete(tenant));
      return loaded;
    },
  };
}

async function newKeys(): Promise<Stored> {
  const { privateKey } = await generate('rsa', { modulusLength: RSA_BITS });
  return {
    rsa: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    secret: randomBytes(BYTES).toString('base64url'),
    cover: randomBytes(BYTES).toString('base64url'),
  };
}

function opened({ rsa, secret, cover }: Stored): SigningKeys {
  const privateKey = createPrivateKey(rsa);
  const publicKey = createPublicKey(privateKey);
  const { e, kty, n } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return {
    privateKey,
    publicKey,
    kid,
    secret: Buffer.from(secret, 'base64url'),
    cover: Buffer.from(cover, 'base64url'),
  };
}
