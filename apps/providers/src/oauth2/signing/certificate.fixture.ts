import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key pair with a certificate of its own, PEM, as an administrator brings one. X.509 (RFC 5280) by hand: no tool of the machine is needed. */
export function aKeyPair(kind: 'rsa' | 'P-256' | 'P-384' | 'P-521'): { certificate: string; key: string } {
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: kind });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate: certificate(publicKey, privateKey, kind === 'rsa' ? RSA_SHA256 : ECDSA_SHA256), key };
}

const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const RSA_SHA256 = Buffer.from('06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

function certificate(publicKey: KeyObject, signer: KeyObject, algorithmId: Buffer): string {
  const algorithm = der(0x30, algorithmId);
  const time = (text: string) => der(0x18, Buffer.from(text));
  const name = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from('client')))));
  const validity = der(0x30, time('20200101000000Z'), time('20500101000000Z'));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const body = der(0x30, version, der(0x02, Buffer.from([1])), algorithm, name, validity, name, key);
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
  const base64 = der(0x30, body, algorithm, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const long = Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), body.length < 128 ? Buffer.from([body.length]) : long, body]);
}
