import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { servedProviders, UNKNOWN } from '../testing/served-providers.ts';
import { makeSelfSigned } from './self-signed.ts';

const app = await servedProviders();
const { keys, as, tenant, servingPair } = app;

async function aPair(commonName: string) {
  const [validFrom, validTo] = [new Date(), new Date(Date.now() + 86_400_000)];
  const made = await makeSelfSigned({ commonName, alternativeNames: [], validFrom, validTo, bits: 2_048 });
  return { certificate_data: made.certificateData, key_data: made.keyData };
}

const add = async (own: string, name: string, texts: { certificate_data: string; key_data: string }) =>
  (await keys.createCertificateKeyPair({ certificate_key_pair: { name, ...texts } }, as(own))).pk;
const subjectOf = ({ certificate }: { certificate: string }) => new X509Certificate(certificate).subject;

it('is read by nobody but the gateway, and not in another tenant', async () => {
  const own = tenant();
  const pk = await add(own, 'web', await aPair('web'));
  for (const service of ['auth', 'directory', 'providers', 'tasks'] as const)
    await expect(servingPair(service, own, pk)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(servingPair('gateway', tenant(), pk)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(servingPair('gateway', own, 'web')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

it('is not there without a private key, with that of another certificate, or when it is gone', async () => {
  const own = tenant();
  const { certificate_data, key_data } = await aPair('web');
  const verify = await add(own, 'verify', { certificate_data, key_data: '' });
  const mixed = await add(own, 'mixed', await aPair('mail'));
  await app.sql('update certificate_key_pair set certificate_data = $1 where pk = $2', [certificate_data, mixed]);
  const gone = await add(own, 'gone', { certificate_data, key_data });
  await keys.deleteCertificateKeyPair({ kp_uuid: gone }, as(own));
  for (const pk of [verify, mixed, gone, UNKNOWN, ''])
    await expect(servingPair('gateway', own, pk)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('is the one that is asked for, else the self-signed one, and looking at it is no fact', async () => {
  const own = tenant();
  await app.seed(own);
  const pk = await add(own, 'web', await aPair('web'));
  const before = await app.facts(own);
  const web = await servingPair('gateway', own, pk);
  expect(subjectOf(web)).toContain('CN=web');
  expect(new X509Certificate(web.certificate).checkPrivateKey(createPrivateKey(web.private_key))).toBe(true);
  expect(subjectOf(await servingPair('gateway', own))).toContain('CN=authentik Self-signed Certificate');
  expect(await app.facts(own)).toHaveLength(before.length);
});
