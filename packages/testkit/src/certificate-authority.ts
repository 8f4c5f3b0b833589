import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Tls } from '@postern/rpc';

/** An authority of the tests, which vouches for processes. X.509 (RFC 5280) by hand: no tool of the machine is needed. */
export function createAuthority(name: string) {
  const pair = newKey();
  const ca = certificate({
    subject: name,
    issuer: name,
    key: pair.publicKey,
    signer: pair.privateKey,
    isAuthority: true,
  });
  return {
    ca,
    /** Certificates of one process, good for `localhost`. */
    issue(subject: string): Tls {
      const own = newKey();
      const cert = certificate({
        subject,
        issuer: name,
        key: own.publicKey,
        signer: pair.privateKey,
        isAuthority: false,
      });
      return { ca, cert, key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) };
    },
  };
}

type CertificateInput = { subject: string; issuer: string; key: KeyObject; signer: KeyObject; isAuthority: boolean };

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

function certificate({ subject, issuer, key, signer, isAuthority }: CertificateInput): string {
  const algorithm = der(0x30, OID_ECDSA_SHA256);
  const time = (offset: number) => der(0x18, Buffer.from(stamp(new Date(Date.now() + offset))));
  const basic = extension(OID_BASIC_CONSTRAINTS, der(0x30, ...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : [])));
  const names = extension(OID_ALTERNATIVE_NAMES, der(0x30, der(0x82, Buffer.from('localhost'))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    der(0x30, time(-3_600_000), time(3_600_000)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, basic, names)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
  const lines =
    der(0x30, body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const OID_ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const OID_COMMON_NAME = Buffer.from('0603550403', 'hex');
const OID_BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const OID_ALTERNATIVE_NAMES = Buffer.from('0603551d11', 'hex');

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const long = Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), body.length < 128 ? Buffer.from([body.length]) : long, body]);
}

function nameOf(text: string): Buffer {
  return der(0x30, der(0x31, der(0x30, OID_COMMON_NAME, der(0x0c, Buffer.from(text)))));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return der(0x30, id, der(0x04, value));
}

/** GeneralizedTime. */
function stamp(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
}
