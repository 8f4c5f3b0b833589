import { Secret } from '@postern/config';
import { createLogger } from '@postern/observability';
import { asService } from '@postern/rpc';
import { afterAll, expect, it } from 'vitest';
import { servedProviders } from '../testing/served-providers.ts';
import { ACCESS_KEY, anObjectStore, BUCKET, REGION, SECRET_KEY } from './s3.fixture.ts';

const far = await anObjectStore();
const keys = { accessKey: new Secret(ACCESS_KEY), secretKey: new Secret(SECRET_KEY) };
const app = await servedProviders({ endpoint: far.endpoint, region: REGION, bucket: BUCKET, prefix: '', ...keys });
const { applications, as, media } = app;
afterAll(() => far.close());

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('wiki')]);

async function aWiki() {
  const own = app.tenant();
  await applications.createApplication(
    { application: { name: 'Wiki', slug: 'wiki', policy_engine_mode: 'any' } },
    as(own),
  );
  const set = (slug: string, file: Buffer) => applications.setApplicationIcon({ slug, file }, as(own));
  const icon = async () => (await applications.getApplication({ slug: 'wiki' }, as(own))).meta_icon;
  const objects = () => [...far.objects.keys()].filter((name) => name.startsWith(own));
  return { own, set, icon, objects };
}

/** Does what the changes of a tenant left to be done. */
async function work() {
  const job = app.jobs.find(({ definition }) => definition.name === 'providers.remove_picture');
  const run = { tenant: '', id: '', attempt: 1, signal: new AbortController().signal, progress: () => undefined };
  for (const { args } of await app.requested())
    await job?.run(args, { ...run, log: createLogger({ level: 'silent' }) });
}

it('leaves no picture of an application that does not exist', async () => {
  const { set, objects } = await aWiki();
  await expect(set('nothing', PNG)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(set('wiki', Buffer.from('hello'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(objects()).toEqual([]);
});

it('changes nothing while the store is away', async () => {
  const { set, icon } = await aWiki();
  far.state.isBroken = true;
  await expect(set('wiki', PNG)).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'MEDIA_STORE_UNAVAILABLE' });
  far.state.isBroken = false;
  expect(await icon()).toBeUndefined();
});

it('keeps pictures in the store, and serves them to their tenant alone', async () => {
  const { own, set, icon, objects } = await aWiki();
  await set('wiki', PNG);
  const path = await icon();
  const file = path?.slice(path.lastIndexOf('/') + 1) ?? '';
  expect(objects()).toEqual([`${own}/application-icons/${file}`]);
  expect(await app.sql('select 1 from media_file where tenant_id = $1 and octet_length(content) > 0', [own])).toEqual(
    [],
  );
  const served = await media.getIcon({ file }, as(own));
  expect([served.content_type, Buffer.from(served.data)]).toEqual(['image/png', PNG]);
  await expect(media.getIcon({ file }, as(app.tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { pk } = await applications.getApplication({ slug: 'wiki' }, as(own));
  const model = 'authentik_core.application';
  const { pictures } = await app.pictures.readPictures({ model, keys: [pk], content: true }, asService(own));
  expect(pictures).toMatchObject([{ address: path, size: PNG.length }]);
  expect(Buffer.from(pictures[0]?.content ?? [])).toEqual(PNG);
});

it('lets go of a picture in the store after it was replaced, or went with its application', async () => {
  const { own, set, objects } = await aWiki();
  await set('wiki', PNG);
  await set('wiki', PNG);
  expect(objects()).toHaveLength(2);
  await work();
  expect(objects()).toHaveLength(1);
  await applications.deleteApplication({ slug: 'wiki' }, as(own));
  await work();
  expect(objects()).toEqual([]);
});
