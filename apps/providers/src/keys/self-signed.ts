import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { bits, boolean, field, identifier, integer, nothing, octets, sequence, set, time, utf8 } from './der.ts';

/** What a self-signed certificate says. */
export type SelfSigned = {
  readonly commonName: string;
  /** DNS names; none leaves the extension out. */
  readonly alternativeNames: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Bits of the RSA key. Default 4096. */
  readonly bits?: number;
};

/** A certificate and its key, PEM. */
export type Pair = { readonly certificateData: string; readonly keyData: string };

const generate = promisify(generateKeyPair);
const signAsync = promisify(sign);

const SHA256_RSA = sequence(identifier('1.2.840.113549.1.1.11'), nothing);
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const UNIT = '2.5.4.11';
const ALTERNATIVE_NAME = '2.5.29.17';

/** Makes an RSA key and a certificate that it signs itself: RFC 5280, section 4.1. The key is made off the event loop. */
export async function makeSelfSigned(wanted: SelfSigned): Promise<Pair> {
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: wanted.bits ?? 4_096,
    publicExponent: 65_537,
  });
  const body = bodyOf(wanted, publicKey);
  const signature = await signAsync('sha256', body, privateKey);
  return {
    certificateData: pemOf('CERTIFICATE', sequence(body, SHA256_RSA, bits(signature))),
    keyData: String(privateKey.export({ type: 'pkcs1', format: 'pem' })),
  };
}

function bodyOf({ commonName, alternativeNames, validFrom, validTo }: SelfSigned, publicKey: KeyObject): Buffer {
  const version3 = field(0, true)(integer(Buffer.from([2])));
  const subject = nameOf(commonName);
  const parts = [
    version3,
    integer(randomBytes(16)),
    SHA256_RSA,
    subject,
    sequence(time(validFrom), time(validTo)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  ];
  if (alternativeNames.length > 0) parts.push(field(3, true)(sequence(alternativeName(alternativeNames))));
  return sequence(...parts);
}

function nameOf(commonName: string): Buffer {
  const part = (type: string, value: string) => set(sequence(identifier(type), utf8(value)));
  return sequence(part(COMMON_NAME, commonName), part(ORGANIZATION, 'Postern'), part(UNIT, 'Self-signed'));
}

function alternativeName(names: readonly string[]): Buffer {
  const dnsName = field(2, false);
  const list = sequence(...names.map((name) => dnsName(Buffer.from(name, 'ascii'))));
  return sequence(identifier(ALTERNATIVE_NAME), boolean(true), octets(list));
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
