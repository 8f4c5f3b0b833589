import { createHmac } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createClaimSigner } from './signed.claims.ts';

const [old, key, foreign] = ['the one before', 'the secret of this', 'of somebody else'].map((text) =>
  Buffer.from(text.padEnd(32, '.')),
);
const signer = createClaimSigner([key ?? Buffer.of(), old ?? Buffer.of()]);

it('opens nothing that it did not sign, or that was changed, cut or told to be checked in another way', () => {
  const token = signer.sign({ iss: 'us', sub: 'anna' });
  const [header = '', payload = '', mac = ''] = token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  const long = Buffer.from('{"alg":"HS512","typ":"JWT"}').toString('base64url');
  const stretched = createHmac('sha512', key ?? '')
    .update(`${long}.${payload}`)
    .digest('base64url');
  const other = Buffer.from('{"iss":"us","sub":"boss"}').toString('base64url');
  const forged = [
    createClaimSigner([foreign ?? Buffer.of()]).sign({ iss: 'us', sub: 'anna' }),
    `${header}.${other}.${mac}`,
    `${none}.${payload}.`,
    `${none}.${payload}.${mac}`,
    `${long}.${payload}.${stretched}`,
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${token}.`,
    `${token}x`,
    `${header}.${payload}.${mac.slice(0, -1)}${mac.endsWith('A') ? 'B' : 'A'}`,
    '',
    '..',
  ];
  expect(forged.map((each) => signer.open(each))).toEqual(forged.map(() => undefined));
  expect(signer.open(token)).toEqual({ iss: 'us', sub: 'anna' });
});

it('opens what an older secret signed', () => {
  const token = createClaimSigner([old ?? Buffer.of()]).sign({ sub: 'anna' });
  expect(signer.open(token)).toEqual({ sub: 'anna' });
});

it('makes and opens JWTs as others do', async () => {
  const { payload } = await jwtVerify(signer.sign({ sub: 'anna' }), key ?? Buffer.of(), { algorithms: ['HS256'] });
  expect(payload).toEqual({ sub: 'anna' });
  const theirs = await new SignJWT({ sub: 'anna' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(key ?? Buffer.of());
  expect(signer.open(theirs)).toEqual({ sub: 'anna' });
});
