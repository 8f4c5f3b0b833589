import { createEgress } from '@postern/egress';
import { createLogger } from '@postern/observability';
import { afterAll, expect, it } from 'vitest';
import { s3SettingsOf } from './media.settings.ts';
import { ACCESS_KEY, anObjectStore, BUCKET, REGION, SECRET_KEY } from './s3.fixture.ts';
import { createS3Store } from './s3.store.ts';

const far = await anObjectStore();
const egress = createEgress({ allow: ['127.0.0.0/8'] });
afterAll(async () => {
  await far.close();
  await egress.close();
});

const settings = { endpoint: far.endpoint, region: REGION, bucket: BUCKET, prefix: 'postern/' };
const storeOf = (values: object = {}) =>
  createS3Store({
    settings: { ...settings, accessKey: ACCESS_KEY, secretKey: SECRET_KEY, ...values },
    egress,
    log: createLogger({ level: 'silent' }),
  });
const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');

it.each([
  ['a key that is unknown', { accessKey: 'somebody' }],
  ['a wrong secret', { secretKey: 'guess' }],
  ['another region', { region: 'us-east-1' }],
  ['a bucket that does not exist', { bucket: 'elsewhere' }],
])('says that it is refused with %s, and stores nothing', async (_what, values) => {
  const refused = { code: 'UNAVAILABLE', reason: 'MEDIA_STORE_REFUSED' };
  const store = storeOf(values);
  await expect(store.put('a.png', PICTURE, 'image/png')).rejects.toMatchObject(refused);
  await expect(store.get('a.png')).rejects.toMatchObject(refused);
  await expect(store.remove('a.png')).rejects.toMatchObject(refused);
  expect(far.objects.size).toBe(0);
});

it('says that the store is away when nobody listens, or the store fails', async () => {
  const away = { code: 'UNAVAILABLE', reason: 'MEDIA_STORE_UNAVAILABLE' };
  await expect(storeOf({ endpoint: 'http://127.0.0.1:1' }).get('a.png')).rejects.toMatchObject(away);
  far.state.isBroken = true;
  await expect(storeOf().put('a.png', PICTURE, 'image/png')).rejects.toMatchObject(away);
  far.state.isBroken = false;
});

it('keeps bytes under their name, gives them back, and lets go of them', async () => {
  const store = storeOf({ endpoint: `${far.endpoint}/` });
  const name = 'tenant/icons of all/ä+&=.png';
  expect(await store.get(name)).toBeUndefined();
  await store.put(name, PICTURE, 'image/png');
  expect(far.objects.get(`postern/${name}`)).toEqual({ bytes: PICTURE, contentType: 'image/png' });
  expect(await store.get(name)).toEqual(PICTURE);
  await store.remove(name);
  await store.remove(name);
  expect(far.objects.size).toBe(0);
});

it('is described in full, or not at all', () => {
  const key = { reveal: () => 'key' };
  expect(s3SettingsOf({ region: '', prefix: '' })).toBeUndefined();
  expect(s3SettingsOf({ ...settings, accessKey: key, secretKey: key })).toMatchObject({ secretKey: 'key' });
  expect(() => s3SettingsOf({ ...settings, bucket: undefined })).toThrow('POSTERN_MEDIA__S3__BUCKET: is required');
  expect(() => s3SettingsOf({ ...settings, accessKey: key })).toThrow('POSTERN_MEDIA__S3__SECRET_KEY: is required');
});
