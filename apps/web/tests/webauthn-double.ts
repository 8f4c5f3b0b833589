import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';

/** A key that was registered: its id, and its public half as DER. */
type Key = { readonly id: string; readonly publicKey: Buffer };

type Field = Readonly<Record<string, unknown>>;

/** The other side of a ceremony, as far as a browser can tell: fresh challenges, and signatures that must be right. */
export function createWebauthnDouble() {
  const keys: Key[] = [];
  let challenge = '';

  const fresh = () => {
    challenge = randomBytes(32).toString('base64url');
    return challenge;
  };
  const isMeant = (clientData: Buffer, type: string, origin: string) => {
    const said = JSON.parse(clientData.toString()) as Field;
    return said.type === type && said.challenge === challenge && said.origin === origin;
  };

  return {
    keys,
    registrationOptions: () => ({
      rp: { name: 'Postern', id: 'localhost' },
      user: { id: Buffer.from('ada').toString('base64url'), name: 'ada.lovelace', displayName: 'Ada Lovelace' },
      challenge: fresh(),
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 60_000,
      excludeCredentials: keys.map(({ id }) => ({ id, type: 'public-key' })),
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
      attestation: 'none',
    }),
    requestOptions: () => ({
      challenge: fresh(),
      timeout: 60_000,
      rpId: 'localhost',
      allowCredentials: keys.map(({ id }) => ({ id, type: 'public-key' })),
      userVerification: 'preferred',
    }),
    /** Keeps the key, if the browser meant this ceremony of this page. */
    register(answer: Field, origin: string): boolean {
      const response = (answer.response ?? {}) as Readonly<Record<string, string>>;
      const meant = isMeant(bytes(response.clientDataJSON), 'webauthn.create', origin);
      if (meant) keys.push({ id: String(answer.id), publicKey: bytes(response.publicKey) });
      return meant;
    },
    /** Checks the signature (Web Authentication, section 7.2). */
    prove(answer: Field, origin: string): boolean {
      const response = (answer.response ?? {}) as Readonly<Record<string, string>>;
      const clientData = bytes(response.clientDataJSON);
      const key = keys.find(({ id }) => id === answer.id);
      if (!key || !isMeant(clientData, 'webauthn.get', origin)) return false;
      const signed = Buffer.concat([
        bytes(response.authenticatorData),
        createHash('sha256').update(clientData).digest(),
      ]);
      const publicKey = createPublicKey({ key: key.publicKey, format: 'der', type: 'spki' });
      return verify('sha256', signed, publicKey, bytes(response.signature));
    },
  };
}

function bytes(text = ''): Buffer {
  return Buffer.from(text, 'base64url');
}
