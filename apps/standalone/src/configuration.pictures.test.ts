import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { providers as providersApi, tasks as tasksApi } from '@postern/proto';
import { asService, type Origin } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';
import { forPlan, readPictures, writePictures } from './configuration.pictures.ts';

const { running, applications, flows, folder } = await servedBlueprints();
const configuration = running.client(tasksApi.BlueprintConfigurationServiceDefinition);
const instances = running.client(tasksApi.BlueprintServiceDefinition);
const media = running.client(providersApi.MediaServiceDefinition);
const PATIENCE = { deadlineMs: 60_000 };
const tenant = () => asService(randomUUID());

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('wiki')]);
const GIF = Buffer.from('474946383961aabb', 'hex');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>');
const dataOf = (content: Buffer, type = 'image/png') => `data:${type};base64,${content.toString('base64')}`;
const digestOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const nameOf = (content: Buffer, ending = 'png') => `${digestOf(content)}.${ending}`;
const shown = (content: Buffer, type = 'image/png') =>
  `${type}, ${content.length} bytes, sha256:${digestOf(content).slice(0, 16)}`;

const FLOW = { name: 'Hall', slug: 'hall', title: 'Hall', designation: 'authentication', policy_engine_mode: 'any' };
const FACE = { layout: 'stacked', denied_action: 'message_continue', authentication: 'none' };

/** An application with an icon, as a blueprint. */
const wiki = (icon: string, more = '') =>
  `${more}entries:\n- model: authentik_core.application\n  identifiers: {slug: wiki}\n  attrs:\n    name: Wiki\n    icon: ${icon}\n`;

type Options = Partial<tasksApi.BlueprintDocumentsRequest>;
const apply = (text: string, origin: Origin, options: Options = {}) =>
  configuration.applyDocuments({ documents: [{ name: 'a.yaml', text }], ...options }, origin, PATIENCE);
const plan = (text: string, origin: Origin, options: Options = {}) =>
  configuration.planDocuments({ documents: [{ name: 'a.yaml', text }], ...options }, origin, PATIENCE);
const exported = (origin: Origin, options: object = {}) => configuration.exportConfiguration(options, origin, PATIENCE);
const actionsOf = ({ changes }: tasksApi.DocumentsOutcome) => changes.filter(({ action }) => action !== 'unchanged');

async function withIcon(file: Buffer): Promise<Origin> {
  const origin = tenant();
  await apply(wiki('""'), origin);
  await applications.setApplicationIcon({ slug: 'wiki', file }, origin);
  return origin;
}

/** What the icon of the application is: its bytes, or its address. */
async function iconOf(origin: Origin): Promise<Buffer | string | undefined> {
  const { meta_icon } = await applications.getApplication({ slug: 'wiki' }, origin);
  if (!meta_icon?.startsWith('/media/public/application-icons/')) return meta_icon;
  const { data } = await media.getIcon({ file: meta_icon.slice(meta_icon.lastIndexOf('/') + 1) }, origin);
  return Buffer.from(data);
}

describe('a blueprint refuses as a picture', () => {
  it.each([
    ['what is no picture', dataOf(Buffer.from('hello')), 'not an image'],
    ['a page', dataOf(Buffer.from('<html>'), 'text/html'), 'data:image/png;base64'],
    ['no bytes', 'data:image/png;base64,', 'data:image/png;base64'],
    ['what is no base64', 'data:image/png;base64,%%%', 'data:image/png;base64'],
    ['one that is too large', '!Context pictures/large.png', 'no larger than 1048576 bytes'],
    ['an address that is none', 'javascript:alert(1)', 'Enter a valid URL.'],
    ['a picture that nobody gives', '!Context pictures/lost.png', 'No picture is given'],
    ['a list', '[1]', 'Not a valid string.'],
  ])('%s, with field and line, and changes nothing', async (_what, icon, message) => {
    const origin = await withIcon(GIF);
    const pictures = [{ name: 'large.png', content: Buffer.concat([PNG, randomBytes(1_048_576)]) }];
    const outcome = await apply(wiki(icon), origin, { pictures });
    expect(outcome).toMatchObject({
      status: 'error',
      logs: [{ file: 'a.yaml', entry: 0, field: 'attrs.icon', line: 6 }],
    });
    expect(outcome.logs[0]?.message).toContain(message);
    expect(outcome.logs[0]?.message.length).toBeLessThan(300);
    expect(await iconOf(origin)).toEqual(GIF);
  });

  it('a file of a name that leads elsewhere', async () => {
    const pictures = [{ name: '../secrets.png', content: PNG }];
    await expect(apply(wiki('!Context pictures/../secrets.png'), tenant(), { pictures })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

it('takes a drawing without the programs that are in it', async () => {
  const origin = tenant();
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="1" height="1"/></svg>';
  const outcome = await apply(wiki(dataOf(Buffer.from(drawing), 'image/svg+xml')), origin);
  expect(outcome).toMatchObject({ status: 'successful', logs: [] });
  const kept = String(await iconOf(origin));
  expect(kept).toContain('<rect');
  expect(kept).not.toContain('alert');
});

describe('an uploaded picture', () => {
  it.each([
    ['one document, which holds it', false],
    ['several documents, beside which it lies', true],
  ])('comes back from %s as the same bytes', async (_what, split) => {
    const origin = await withIcon(PNG);
    await flows.createFlow({ flow: { ...FLOW, ...FACE } }, origin);
    await flows.setFlowBackgroundUrl({ slug: 'hall', url: 'https://pictures.example/hall.jpg' }, origin);
    const { documents, pictures: named, remarks } = await exported(origin, { split });
    const text = documents.map((document) => document.text).join('');
    expect(remarks).toEqual([]);
    expect(text).toContain(`    icon: !Context pictures/${nameOf(PNG)}\n`);
    expect(text).toContain('background: https://pictures.example/hall.jpg');
    expect(text.includes(dataOf(PNG))).toBe(!split);
    const { meta_icon: address } = await applications.getApplication({ slug: 'wiki' }, origin);
    expect(named).toEqual(split ? [{ name: nameOf(PNG), address }] : []);

    const pictures = split ? [{ name: nameOf(PNG), content: PNG }] : [];
    const other = await withIcon(GIF);
    const planned = await plan(text, other, { pictures, complete: true });
    expect(planned.logs).toEqual([]);
    expect(planned.changes.find(({ title }) => title === 'Wiki')?.fields).toEqual([
      { field: 'icon', before: shown(GIF, 'image/gif'), after: shown(PNG) },
    ]);
    expect(JSON.stringify(planned)).not.toContain('base64');
    expect(await iconOf(other)).toEqual(GIF);
    for (const to of [other, tenant()]) {
      expect(await apply(text, to, { pictures, complete: true })).toMatchObject({ status: 'successful', logs: [] });
      expect(await iconOf(to)).toEqual(PNG);
      expect((await exported(to, { split })).documents).toEqual(documents);
      expect(actionsOf(await plan(text, to, { pictures, complete: true }))).toEqual([]);
    }
  });

  it('goes where an import does not name it, and an apply leaves it alone', async () => {
    const origin = await withIcon(SVG);
    const kept = Buffer.from((await iconOf(origin)) ?? '');
    const text = wiki('""').replace(/ {4}icon: .*\n/, '');
    expect(actionsOf(await apply(text, origin))).toEqual([]);
    expect(actionsOf(await plan(text, origin, { complete: true }))).toMatchObject([
      { fields: [{ field: 'icon', before: shown(kept, 'image/svg+xml'), after: '' }] },
    ]);
    await apply(text, origin, { complete: true });
    expect(await iconOf(origin)).toBeUndefined();
  });

  it('stands in an entry itself, and is what its bytes are', async () => {
    const origin = tenant();
    expect(await apply(wiki(dataOf(GIF)), origin)).toMatchObject({ status: 'successful', logs: [] });
    expect((await applications.getApplication({ slug: 'wiki' }, origin)).meta_icon).toMatch(/\.gif$/);
    expect(actionsOf(await apply(wiki(dataOf(GIF)), origin))).toEqual([]);
    expect(actionsOf(await apply(wiki('https://a.example/icon.png'), origin))).toMatchObject([
      { fields: [{ before: shown(GIF, 'image/gif'), after: 'https://a.example/icon.png' }] },
    ]);
  });

  it('that is too large for one document is exported beside several', async () => {
    const large = Buffer.concat([PNG, randomBytes(900_000)]);
    const origin = await withIcon(large);
    await expect(exported(origin)).rejects.toMatchObject({
      violations: [{ field: 'split', description: expect.stringContaining('do not fit into one document') }],
    });
    const { documents, pictures } = await exported(origin, { split: true });
    const given = pictures.map(({ name }) => ({ name, content: large }));
    const other = tenant();
    expect(await apply(documents[0]?.text ?? '', other, { pictures: given })).toMatchObject({ status: 'successful' });
    expect(await iconOf(other)).toEqual(large);
  });

  it('that is only named shows in a plan, changes nothing where it is there, and is refused otherwise', async () => {
    const text = wiki(`!Context pictures/${nameOf(PNG)}`);
    const named = { pictures: [{ name: nameOf(PNG), content: Buffer.alloc(0) }] };
    const origin = await withIcon(GIF);
    expect(await apply(text, origin, named)).toMatchObject({
      status: 'error',
      logs: [{ field: 'attrs.icon', message: 'The picture is named only: its bytes are not given.' }],
    });
    expect(actionsOf(await plan(text, origin, named))).toMatchObject([
      { fields: [{ field: 'icon', after: `sha256:${digestOf(PNG).slice(0, 16)}` }] },
    ]);
    expect(await iconOf(origin)).toEqual(GIF);
    expect(actionsOf(await apply(text, await withIcon(PNG), named))).toEqual([]);
  });

  it('lies beside the file of an instance', async () => {
    const origin = tenant();
    await mkdir(join(folder, 'house/pictures'), { recursive: true });
    await writeFile(join(folder, 'house/pictures/logo.png'), PNG);
    await writeFile(join(folder, 'house/wiki.yaml'), wiki('!Context pictures/logo.png'));
    const blueprint_instance = { name: 'from a file', path: 'house/wiki.yaml', enabled: true };
    const { pk: instance_uuid } = await instances.createBlueprint({ blueprint_instance }, origin);
    expect((await instances.applyBlueprint({ instance_uuid }, origin, PATIENCE)).status).toBe('successful');
    expect(await iconOf(origin)).toEqual(PNG);
    expect(await configuration.getBlueprintDrift({ instance_uuid }, origin)).toMatchObject({ drifted: false });
    await applications.setApplicationIcon({ slug: 'wiki', clear: true }, origin);
    expect(await configuration.getBlueprintDrift({ instance_uuid }, origin)).toMatchObject({
      changes: [{ fields: [{ field: 'icon', before: '', after: shown(PNG) }] }],
    });
  });

  it('that somebody changed by hand since is drift', async () => {
    const origin = tenant();
    const content = wiki('!Context pictures/wiki.png', `context: {pictures/wiki.png: "${dataOf(PNG)}"}\n`);
    const { pk: instance_uuid } = await instances.createBlueprint(
      { blueprint_instance: { name: 'wiki', content, enabled: true } },
      origin,
    );
    expect((await instances.applyBlueprint({ instance_uuid }, origin, PATIENCE)).status).toBe('successful');
    expect(await iconOf(origin)).toEqual(PNG);
    expect(await configuration.getBlueprintDrift({ instance_uuid }, origin)).toMatchObject({ drifted: false });
    await applications.setApplicationIcon({ slug: 'wiki', file: GIF }, origin);
    expect(await configuration.getBlueprintDrift({ instance_uuid }, origin)).toMatchObject({
      drifted: true,
      changes: [{ fields: [{ field: 'icon', before: shown(GIF, 'image/gif'), after: shown(PNG) }] }],
    });
  });
});

describe('the command', () => {
  const fetched = async () => PNG;
  const at = join(folder, 'export');

  it('writes no file that is not what its name says', async () => {
    const wrong = [{ name: nameOf(GIF, 'gif'), address: '/media/public/application-icons/a.gif' }];
    await expect(writePictures(at, wrong, fetched)).rejects.toThrow('A picture changed while it was exported');
    const elsewhere = [{ name: '../a.png', address: '/a.png' }];
    await expect(writePictures(at, elsewhere, fetched)).rejects.toThrow();
  });

  it('writes the pictures of an export, takes away those of the last one, and reads what files ask for', async () => {
    const old = join(at, 'pictures', `${'0'.repeat(64)}.png`);
    const own = join(at, 'pictures', 'logo.png');
    await mkdir(join(at, 'pictures'), { recursive: true });
    await Promise.all([old, own].map((path) => writeFile(path, GIF)));
    await writePictures(at, [{ name: nameOf(PNG), address: '/a.png' }], fetched);
    const text = `${wiki(`!Context pictures/${nameOf(PNG)}`)}# !Context [pictures/logo.png, x] !Context pictures/${'0'.repeat(64)}.png`;
    const read = await readPictures([{ name: join(at, 'export.yaml'), text }]);
    expect(read).toEqual([
      { name: nameOf(PNG), content: PNG.toString('base64') },
      { name: 'logo.png', content: GIF.toString('base64') },
    ]);
  });

  it('tells a plan of many pictures the names of some, if these say what they are', () => {
    const pictures = [1, 2, 3].map((first) => {
      const content = Buffer.concat([Buffer.from([first]), randomBytes(2_000_000)]);
      return { name: nameOf(content), content: content.toString('base64') };
    });
    const many = [...pictures, ...pictures.map(({ content }) => ({ name: 'logo.png', content }))];
    const sent = forPlan(many);
    expect(sent.map(({ content }) => content.length > 0)).toEqual([true, true, false, true, true, true]);
    expect(sent.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
  });
});
