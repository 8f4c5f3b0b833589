import { createHash, createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readCertificate, readPrivateKey } from './pem.ts';

/** A key pair that signs, read and ready. */
export type SigningKey = {
  readonly pk: string;
  /** Key id in tokens and key sets: MD5 of the private key's text, as the contract's clients have seen it. */
  readonly kid: string;
  /** RS256 for RSA keys, ES256, ES384 or ES512 for P-256, P-384 or P-521. */
  readonly alg: 'RS256' | 'ES256' | 'ES384' | 'ES512';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The certificate, and its chain where it has one, as PEM. */
  readonly certificateData: string;
  readonly certificate: X509Certificate;
};

/** The columns that a signing key is made of. */
export type StoredKeyPair = {
  readonly pk: string;
  readonly updated: Date;
  readonly certificateData: string;
  readonly keyData?: string | null;
};

/** Reads key pairs, once each: parsing a key costs more than signing with it. */
export type SigningKeys = {
  /** Undefined for a pair without a private key, or with one that no algorithm of tokens fits. */
  read(pair: StoredKeyPair): SigningKey | undefined;
};

/** Keys at most that stay in memory. */
const CAPACITY = 500;

/** Creates the reader. A pair that changes is read anew. */
export function createSigningKeys(): SigningKeys {
  const known = new Map<string, SigningKey | undefined>();
  return {
    read(pair) {
      const name = `${pair.pk} ${pair.updated.getTime()}`;
      if (!known.has(name)) {
        const [oldest] = known.keys();
        if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
        known.set(name, parse(pair));
      }
      return known.get(name);
    },
  };
}

function parse({ pk, certificateData, keyData }: StoredKeyPair): SigningKey | undefined {
  if (!keyData) return undefined;
  const privateKey = readPrivateKey(keyData);
  const certificate = readCertificate(certificateData);
  const alg = privateKey && algorithmOf(privateKey);
  if (!privateKey || !certificate || !alg) return undefined;
  const kid = createHash('md5').update(keyData).digest('hex');
  return { pk, kid, alg, privateKey, publicKey: createPublicKey(privateKey), certificateData, certificate };
}

const CURVES: Readonly<Record<string, SigningKey['alg']>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningKey['alg'] | undefined {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  return asymmetricKeyType === 'ec' ? CURVES[asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
}
