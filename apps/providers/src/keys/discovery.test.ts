import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@postern/database';
import { createOutbox } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { afterAll, expect, it } from 'vitest';
import { servedProviders } from '../testing/served-providers.ts';
import { createDiscoveryJob } from './discovery.job.ts';
import { makeSelfSigned } from './self-signed.ts';

const app = await servedProviders();
const folder = await mkdtemp(join(tmpdir(), 'postern-certs-'));
afterAll(() => rm(folder, { recursive: true }));

const job = createDiscoveryJob({ db: app.db, outbox: createOutbox({ schema: 'providers' }), folder });
const run = () =>
  job.run(
    {},
    {
      tenant: '',
      id: '',
      attempt: 1,
      signal: new AbortController().signal,
      progress: () => undefined,
      log: createLogger({ level: 'silent' }),
    },
  );
const found = async () =>
  (await app.keys.listCertificateKeyPairs({}, app.as(DEFAULT_TENANT))).results.map(
    ({ name, managed, private_key_available, fingerprint_sha256 }) => ({
      name,
      managed,
      hasKey: private_key_available,
      fingerprint: fingerprint_sha256,
    }),
  );
const aPair = (commonName: string) => {
  const [validFrom, validTo] = [new Date(), new Date(Date.now() + 86_400_000)];
  return makeSelfSigned({ commonName, alternativeNames: [], validFrom, validTo, bits: 2_048 });
};
const put = async (path: string, text: string) => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
};

it('takes nothing in from a folder that is empty, or that does not exist', async () => {
  expect(await run()).toMatchObject({ status: 'successful' });
  expect(await found()).toEqual([]);
});

it('takes in certificates with their keys, as ACME clients and people lay them down', async () => {
  const [web, mail, old] = [await aPair('web'), await aPair('mail'), await aPair('old')];
  await put('wiki.example/store/cert1.txt', 'not a certificate');
  await put('archive/old.pem', old.certificateData);
  await put('real/chain.pem', web.certificateData);
  await mkdir(join(folder, 'wiki.example'), { recursive: true });
  await symlink(join(folder, 'real/chain.pem'), join(folder, 'wiki.example/fullchain.pem'));
  await put('wiki.example/privkey.pem', web.keyData);
  await put('mail.crt', mail.certificateData);
  await put('mail.key', web.keyData);
  await put('alone.key', web.keyData);
  const result = await run();
  expect(result.status).toBe('warning');
  expect(result.messages?.slice(1)).toEqual([
    'wiki.example/store/cert1.txt: is no certificate',
    'mail: the private key does not belong to the certificate',
  ]);
  const prefix = 'goauthentik.io/crypto/discovered/';
  expect(await found()).toMatchObject([
    { name: 'chain', hasKey: false },
    { name: 'mail', managed: `${prefix}mail`, hasKey: false },
    { name: 'wiki.example', managed: `${prefix}wiki.example`, hasKey: true },
  ]);
});

it('renews what changed, and leaves alone what did not and what people made', async () => {
  const before = await found();
  const said = (await app.changes(DEFAULT_TENANT)).length;
  const { certificateData } = await aPair('mail');
  await app.keys.createCertificateKeyPair(
    { certificate_key_pair: { name: 'own', certificate_data: certificateData } },
    app.as(DEFAULT_TENANT),
  );
  await put('own.pem', (await aPair('own')).certificateData);
  await put('mail.crt', certificateData);
  expect((await run()).messages).toContain('own: another pair has this name');
  const after = await found();
  expect(after.find(({ name }) => name === 'own')?.managed).toBeUndefined();
  const changed = before.filter(
    ({ name, fingerprint }) => after.find((one) => one.name === name)?.fingerprint !== fingerprint,
  );
  expect(changed.map(({ name }) => name)).toEqual(['mail']);
  expect((await app.changes(DEFAULT_TENANT)).slice(said)).toEqual([
    'providers.v1.certificate_key_pair.created own',
    'providers.v1.certificate_key_pair.updated mail',
  ]);
});

it('leaves a pair as it is while certificate and key of the next one do not belong together', async () => {
  const wiki = async () => (await found()).find(({ name }) => name === 'wiki.example');
  const [before, next] = [await wiki(), await aPair('next')];
  await put('real/chain.pem', next.certificateData);
  expect((await run()).messages).toContain('wiki.example: the private key does not belong to the certificate');
  expect(await wiki()).toEqual(before);
  await put('wiki.example/privkey.pem', next.keyData);
  await run();
  const after = await wiki();
  expect([after?.hasKey, after?.fingerprint === before?.fingerprint]).toEqual([true, false]);
});
