/** A passkey in software: what a browser and an authenticator do together, with every part of it open to being done wrong. */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers';

/** Options as a server sends them. */
export type CeremonyOptions = Readonly<Record<string, unknown>>;

/** What goes another way than it should. */
export type Deviation = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly userVerified?: boolean;
  readonly counter?: number;
  readonly crossOrigin?: boolean;
  readonly userHandle?: string;
  readonly type?: string;
};

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** Creates an authenticator, with one passkey that it makes when it is asked for one. */
export function createSoftwareAuthenticator(origin: string) {
  const id = randomBytes(32);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const state = { counter: 0, userHandle: '' };
  return {
    id: id.toString('base64url'),
    /** What `navigator.credentials.create` gives for these options. */
    create(
      options: CeremonyOptions,
      deviation: Deviation = {},
      statement: readonly [string, Map<string, string>] = ['none', new Map<string, string>()],
    ) {
      state.userHandle = textOf(options, 'user', 'id');
      const rpId = deviation.rpId ?? textOf(options, 'rp', 'id');
      const data = authenticatorData(rpId, deviation, state.counter, credentialPart(id, publicKey));
      const attestation = isoCBOR.encode(
        new Map<string, string | Uint8Array<ArrayBuffer> | Map<string, string>>([
          ['fmt', statement[0]],
          ['attStmt', statement[1]],
          ['authData', new Uint8Array(data)],
        ]),
      );
      const response = {
        clientDataJSON: clientData('webauthn.create', options, origin, deviation).toString('base64url'),
        attestationObject: isoBase64URL.fromBuffer(attestation),
        transports: ['internal', 'made up'],
      };
      return { ...credential(id), response };
    },
    /** What `navigator.credentials.get` gives for these options. */
    get(options: CeremonyOptions, deviation: Deviation = {}) {
      state.counter += 1;
      const rpId = deviation.rpId ?? textOf(options, 'rpId');
      const data = authenticatorData(rpId, deviation, state.counter);
      const client = clientData('webauthn.get', options, origin, deviation);
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signed(privateKey, data, client),
        userHandle: deviation.userHandle ?? state.userHandle,
      };
      return { ...credential(id), response };
    },
  };
}

/** An authenticator in software. */
export type SoftwareAuthenticator = ReturnType<typeof createSoftwareAuthenticator>;

function credential(id: Buffer) {
  const text = id.toString('base64url');
  return { id: text, rawId: text, type: 'public-key', clientExtensionResults: {} };
}

function clientData(type: string, options: CeremonyOptions, origin: string, deviation: Deviation): Buffer {
  const challenge = deviation.challenge ?? textOf(options, 'challenge');
  const { crossOrigin = false } = deviation;
  return Buffer.from(
    JSON.stringify({ type: deviation.type ?? type, challenge, origin: deviation.origin ?? origin, crossOrigin }),
  );
}

/** WebAuthn Level 3, section 6.1. */
function authenticatorData(
  rpId: string,
  deviation: Deviation,
  counter: number,
  attested: Buffer = Buffer.alloc(0),
): Buffer {
  const verified = (deviation.userVerified ?? true) ? USER_VERIFIED : 0;
  const head = Buffer.alloc(5);
  head.writeUInt8(USER_PRESENT | verified | (attested.length > 0 ? ATTESTED : 0), 0);
  head.writeUInt32BE(deviation.counter ?? counter, 1);
  return Buffer.concat([sha256(rpId), head, attested]);
}

/** WebAuthn Level 3, section 6.5.1: no model of an authenticator, the id, and the key as RFC 9053, section 7.1.1 writes it. */
function credentialPart(id: Buffer, key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const cose = isoCBOR.encode(
    new Map<number, number | Uint8Array<ArrayBuffer>>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]),
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length, 0);
  return Buffer.concat([Buffer.alloc(16), length, id, cose]);
}

function signed(key: KeyObject, data: Buffer, client: Buffer): string {
  return sign('sha256', Buffer.concat([data, sha256(client)]), key).toString('base64url');
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function textOf(options: CeremonyOptions, ...path: readonly string[]): string {
  let found: unknown = options;
  for (const name of path) found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  return typeof found === 'string' ? found : '';
}
