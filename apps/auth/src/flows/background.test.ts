import { randomUUID } from 'node:crypto';
import type { ReceivedHead } from '@postern/rpc';
import { expect, it } from 'vitest';
import { aHouse, asUser } from './flows.fixture.ts';

const house = await aHouse([]);
const { flows, media } = house.current();
const admin = asUser(house.tenant, true);
const slug = 'default-authentication-flow';
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('sea')]);
const DEFAULT = '/static/dist/assets/images/flow_background.jpg';
const shown = async () => (await flows.getFlow({ slug }, admin)).background;
const kept = () => house.sql('select 1 from media_file');
const invalid = { code: 'INVALID_ARGUMENT' };

it('shows nothing that is no picture or too large, and nothing that only calls itself one', async () => {
  const script = '<html><script>alert(1)</script></html>';
  for (const file of [Buffer.from('hello'), Buffer.from(script), Buffer.concat([PNG, Buffer.alloc(1_048_576)])]) {
    await expect(flows.setFlowBackground({ slug, file }, admin)).rejects.toMatchObject(invalid);
  }
  await expect(flows.setFlowBackground({ slug }, admin)).rejects.toMatchObject(invalid);
  for (const url of ['javascript:alert(1)', '//evil.example/x.png', 'data:image/png;base64,AA==', '/\\evil.example']) {
    await expect(flows.setFlowBackgroundUrl({ slug, url }, admin), url).rejects.toMatchObject(invalid);
  }
  const may = asUser(house.tenant, false, '', ['authentik_core.change_application']);
  const refused = { code: 'PERMISSION_DENIED' };
  await expect(flows.setFlowBackground({ slug, file: PNG }, may)).rejects.toMatchObject(refused);
  await expect(flows.setFlowBackgroundUrl({ slug, url: '/x.png' }, may)).rejects.toMatchObject(refused);
  await expect(flows.setFlowBackground({ slug: 'nothing', file: PNG }, admin)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect([await shown(), await kept()]).toEqual([DEFAULT, []]);
});

it('keeps an uploaded picture, serves it so that nothing in it runs, and drops it for the next one', async () => {
  await flows.setFlowBackground({ slug, file: PNG }, admin);
  const address = await shown();
  expect(address).toMatch(/^\/media\/public\/flow-backgrounds\/[0-9a-f-]{36}\.png$/);
  const file = address.slice(address.lastIndexOf('/') + 1);
  const heads: ReceivedHead[] = [];
  const picture = await media.getFlowBackground({ file }, admin, { onHead: (head) => void heads.push(head) });
  expect([picture.content_type, Buffer.from(picture.data)]).toEqual(['image/png', PNG]);
  expect(heads[0]?.headers).toContainEqual(['x-content-type-options', 'nosniff']);
  expect(heads[0]?.headers).toContainEqual(['content-security-policy', expect.stringContaining("default-src 'none'")]);
  const notFound = { code: 'NOT_FOUND' };
  await expect(media.getFlowBackground({ file }, asUser(randomUUID(), true))).rejects.toMatchObject(notFound);
  await expect(media.getFlowBackground({ file: '../../etc/passwd' }, admin)).rejects.toMatchObject(notFound);

  const { challenge } = await house.browser().get(slug);
  expect(challenge).toMatchObject({ flow_info: { background: address } });
  await flows.setFlowBackgroundUrl({ slug, url: 'https://pictures.example/1.jpg' }, admin);
  expect([await shown(), await kept()]).toEqual(['https://pictures.example/1.jpg', []]);
});

it('shows the default picture again once it is cleared, and keeps none of a flow that is gone', async () => {
  await flows.setFlowBackground({ slug, file: PNG }, admin);
  await flows.setFlowBackground({ slug, clear: true }, admin);
  expect([await shown(), await kept()]).toEqual([DEFAULT, []]);
  await flows.setFlowBackground({ slug, file: PNG }, admin);
  await flows.deleteFlow({ slug }, admin);
  expect(await kept()).toEqual([]);
});
