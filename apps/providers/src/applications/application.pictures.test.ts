import { createHash } from 'node:crypto';
import { asService } from '@postern/rpc';
import { expect, it } from 'vitest';
import { servedProviders, UNKNOWN } from '../testing/served-providers.ts';

const { applications, pictures, as, tenant, sql } = await servedProviders();
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('wiki')]);
const model = 'authentik_core.application';

async function anApplication(of: string): Promise<string> {
  const application = { name: 'Wiki', slug: 'wiki', policy_engine_mode: 'any' };
  return (await applications.createApplication({ application }, as(of))).pk;
}

it('tells nobody but services, and sets nothing for anybody else', async () => {
  const of = tenant();
  const key = await anApplication(of);
  await expect(pictures.readPictures({ model, keys: [key] }, as(of))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  await expect(pictures.setPicture({ model, key, content: PNG }, as(of))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});

it('refuses what is no object and no picture, and leaves what is there', async () => {
  const of = tenant();
  const key = await anApplication(of);
  const me = asService(of);
  await pictures.setPicture({ model, key, content: PNG }, me);
  await expect(pictures.setPicture({ model, key: UNKNOWN, content: PNG }, me)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(pictures.setPicture({ model: 'authentik_flows.flow', key, content: PNG }, me)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(pictures.setPicture({ model, key, content: PNG }, asService(tenant()))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(pictures.setPicture({ model, key, content: Buffer.from('<html>') }, me)).rejects.toMatchObject({
    violations: [{ reason: 'PICTURE_INVALID' }],
  });
  await expect(pictures.setPicture({ model, key, address: 'javascript:alert(1)' }, me)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect((await pictures.readPictures({ model, keys: [key] }, me)).pictures).toHaveLength(1);
});

it('reads uploads by what they are, addresses as they are, and nothing of another tenant', async () => {
  const of = tenant();
  const key = await anApplication(of);
  const me = asService(of);
  const read = async (content = false) => (await pictures.readPictures({ model, keys: [key], content }, me)).pictures;
  expect(await read()).toEqual([]);
  await pictures.setPicture({ model, key, content: PNG }, me);
  const sha256 = createHash('sha256').update(PNG).digest('hex');
  const upload = { key, sha256, content_type: 'image/png', size: PNG.length };
  expect(await read()).toMatchObject([{ ...upload, content: new Uint8Array(0) }]);
  expect(await read(true)).toMatchObject([{ ...upload, content: new Uint8Array(PNG) }]);
  expect((await pictures.readPictures({ model, keys: [key] }, asService(tenant()))).pictures).toEqual([]);
  await pictures.setPicture({ model, key, address: 'https://a.example/icon.png' }, me);
  expect(await read()).toMatchObject([{ key, address: 'https://a.example/icon.png', sha256: '', size: 0 }]);
  await pictures.setPicture({ model, key }, me);
  expect(await read()).toEqual([]);
  expect(await sql('select pk from media_file where tenant_id = $1', [of])).toEqual([]);
});
