import { X509Certificate } from 'node:crypto';
import { providers as api } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { aProvider, refusal, servedProviders } from '../testing/served-providers.ts';
import { SELF_SIGNED } from './index.ts';
import { makeSelfSigned } from './self-signed.ts';

const app = await servedProviders();
const { keys, as, tenant } = app;
const MANAGE = ['add', 'view', 'change', 'delete'].map((verb) => `authentik_crypto.${verb}_certificatekeypair`);
const generate = (own: string, values: object = {}) =>
  keys.generateCertificateKeyPair({ common_name: 'sign', subject_alt_name: '', validity_days: 30, ...values }, as(own));

async function textsOf(own: string, kp_uuid: string) {
  const read = (body: { data: Uint8Array }): string => JSON.parse(Buffer.from(body.data).toString()).data;
  return {
    certificate_data: read(await keys.viewCertificate({ kp_uuid }, as(own))),
    key_data: read(await keys.viewPrivateKey({ kp_uuid }, as(own))),
  };
}

/** A pair that is quickly made. */
async function aPair(commonName: string) {
  const [validFrom, validTo] = [new Date(), new Date(Date.now() + 86_400_000)];
  const made = await makeSelfSigned({ commonName, alternativeNames: [], validFrom, validTo, bits: 2_048 });
  return { certificate_data: made.certificateData, key_data: made.keyData };
}

describe('a key pair', () => {
  it('refuses texts that are no certificate or key, and requests that no certificate can be made for', async () => {
    const own = tenant();
    const pair = { name: 'a', certificate_data: 'nothing', key_data: 'nothing' };
    await expect(keys.createCertificateKeyPair({ certificate_key_pair: pair }, as(own))).rejects.toMatchObject({
      violations: [
        { field: 'certificate_data', description: 'Unable to load certificate.' },
        { field: 'key_data', description: 'Unable to load private key (possibly encrypted?).' },
      ],
    });
    await expect(generate(own, { validity_days: 0 })).rejects.toMatchObject(
      refusal('validity_days', 'Ensure this value is greater than or equal to 1.'),
    );
    await expect(generate(own, { common_name: 'x'.repeat(65) })).rejects.toMatchObject(
      refusal('common_name', 'Ensure this field has no more than 64 characters.'),
    );
    await expect(generate(own, { subject_alt_name: 'a.example,b c' })).rejects.toMatchObject(
      refusal('subject_alt_name', '"b c" is not a DNS name.'),
    );
  });

  it('is generated, described, and shown in full to those who may see it', async () => {
    const own = tenant();
    const made = await generate(own, { subject_alt_name: 'a.example, b.example' });
    expect(made).toMatchObject({
      name: 'sign',
      cert_subject: 'OU=Self-signed,O=Postern,CN=sign',
      private_key_available: true,
      private_key_type: 'rsa',
      certificate_data: '',
      key_data: '',
      certificate_download_url: `/api/v3/crypto/certificatekeypairs/${made.pk}/view_certificate/?download`,
    });
    expect(made.fingerprint_sha256).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/);
    const { certificate_data, key_data } = await textsOf(own, made.pk);
    const certificate = new X509Certificate(certificate_data);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:a.example, DNS:b.example');
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(4_096);
    expect(key_data).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    const viewed = (await app.facts(own)).slice(1);
    expect(viewed.map(({ payload }) => api.CertificateKeyPairViewed.decode(payload).part)).toEqual([
      'certificate',
      'private_key',
    ]);
    const [row] = await app.sql<{ key_data: string }>('select key_data from certificate_key_pair where pk = $1', [
      made.pk,
    ]);
    expect(row?.key_data).toMatch(/^v1\./);
  });

  it('keeps its private key from those who may only view or change it, and from other tenants', async () => {
    const own = tenant();
    const { pk } = await generate(own);
    const manager = as(own, { permissions: MANAGE });
    await expect(keys.viewPrivateKey({ kp_uuid: pk }, manager)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(await keys.viewCertificate({ kp_uuid: pk }, manager)).toMatchObject({ content_type: 'application/json' });
    await expect(keys.viewPrivateKey({ kp_uuid: pk }, as(tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const file = await keys.viewCertificate({ kp_uuid: pk }, as(own, { query: 'download' }));
    expect(file.content_type).toBe('application/x-pem-file');
    expect(Buffer.from(file.data).toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('is imported with or without a key, found by it, changed and deleted', async () => {
    const own = tenant();
    const texts = await textsOf(own, (await generate(own)).pk);
    const verify = { name: 'verify', certificate_data: texts.certificate_data, key_data: '' };
    const { pk } = await keys.createCertificateKeyPair({ certificate_key_pair: verify }, as(own));
    await expect(keys.createCertificateKeyPair({ certificate_key_pair: verify }, as(own))).rejects.toMatchObject(
      refusal('name', 'Certificate-Key Pair with this name already exists.'),
    );
    const names = async (request: object) =>
      (await keys.listCertificateKeyPairs(request, as(own))).results.map(({ name }) => name);
    expect(await names({ has_key: true })).toEqual(['sign']);
    expect(await names({ has_key: false })).toEqual(['sign', 'verify']);
    const [brief] = (await keys.listCertificateKeyPairs({ include_details: false }, as(own))).results;
    expect(brief).toMatchObject({ name: 'sign', private_key_available: true });
    expect([brief?.cert_subject, brief?.private_key_type]).toEqual([undefined, undefined]);
    const pasted = texts.key_data.replaceAll('\n', '\n   ');
    const update = { certificate_key_pair: { key_data: pasted }, update_mask: ['key_data'] };
    expect(await keys.updateCertificateKeyPair({ kp_uuid: pk, ...update }, as(own))).toMatchObject({
      private_key_type: 'rsa',
    });
    await keys.deleteCertificateKeyPair({ kp_uuid: pk }, as(own));
    await expect(keys.getCertificateKeyPair({ kp_uuid: pk }, as(own))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a key that is not that of the certificate, whichever of the two changes', async () => {
    const own = tenant();
    const [web, mail] = [await aPair('web'), await aPair('mail')];
    await keys.createCertificateKeyPair({ certificate_key_pair: { name: 'web', ...web } }, as(own));
    const mixed = { name: 'mixed', certificate_data: web.certificate_data, key_data: mail.key_data };
    const message = 'The private key does not belong to the certificate.';
    await expect(keys.createCertificateKeyPair({ certificate_key_pair: mixed }, as(own))).rejects.toMatchObject(
      refusal('key_data', message),
    );
    const [stored] = (await keys.listCertificateKeyPairs({ name: 'web' }, as(own))).results;
    for (const field of ['key_data', 'certificate_data'] as const) {
      const request = { certificate_key_pair: { [field]: mail[field] }, update_mask: [field] };
      const changed = keys.updateCertificateKeyPair({ kp_uuid: stored?.pk ?? '', ...request }, as(own));
      await expect(changed).rejects.toMatchObject(refusal(field, message));
    }
  });

  it('is not generated under a name that is taken', async () => {
    const own = tenant();
    const pair = { name: 'sign', ...(await aPair('sign')) };
    await keys.createCertificateKeyPair({ certificate_key_pair: pair }, as(own));
    await expect(generate(own)).rejects.toMatchObject(
      refusal('common_name', 'Certificate-Key Pair with this name already exists.'),
    );
  });

  it('is described in short where somebody asks for that', async () => {
    const own = tenant();
    const pair = { name: 'sign', ...(await aPair('sign')) };
    const { pk } = await keys.createCertificateKeyPair({ certificate_key_pair: pair }, as(own));
    const short = await keys.getCertificateKeyPair({ kp_uuid: pk }, as(own, { query: 'include_details=False' }));
    expect(short).toMatchObject({ name: 'sign', private_key_available: true });
    expect(short.fingerprint_sha256).toBeUndefined();
  });

  it('leaves the providers that sign with it', async () => {
    const own = tenant();
    await app.seed(own);
    const [pair] = (await keys.listCertificateKeyPairs({ name: SELF_SIGNED }, as(own))).results;
    const provider = aProvider({ signing_key: pair?.pk });
    const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: provider }, as(own));
    const { items } = await keys.listCertificateKeyPairUsedBy({ kp_uuid: pair?.pk ?? '' }, as(own));
    expect(items).toMatchObject([{ model_name: 'oauth2provider', pk: String(pk), action: 'SET_NULL' }]);
    await keys.deleteCertificateKeyPair({ kp_uuid: pair?.pk ?? '' }, as(own));
    expect((await app.oauth2.getOAuth2Provider({ id: pk }, as(own))).signing_key).toBeUndefined();
  });
});
