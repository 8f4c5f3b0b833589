import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@postern/database';
import {
  directory as directoryApi,
  jobs as jobsApi,
  loadRegistry,
  messageShape,
  operations,
  tasks as tasksApi,
} from '@postern/proto';
import { asService, type Origin } from '@postern/rpc';
import { beforeAll, describe, expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';
import { generateObjects } from './generated-objects.fixture.ts';
import { randomOf } from './generated-values.fixture.ts';

const { running, me, flows, groups, oauth2, applications } = await servedBlueprints();
const configuration = running.client(tasksApi.BlueprintConfigurationServiceDefinition);
const settings = running.client(directoryApi.SettingsServiceDefinition);
const instances = running.client(tasksApi.BlueprintServiceDefinition);
const registry = loadRegistry();
const PASSPHRASE = 'a long walk in the hills';
const PATIENCE = { deadlineMs: 120_000 };
const BUNDLED = join(import.meta.dirname, '../../../blueprints');
const ICON = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('an icon')]);
/** A fixed one for every change, another one each night. */
const seed = Number(process.env.SEED ?? 7);

const exported = (origin: Origin = me, options: object = {}) =>
  configuration.exportConfiguration(options, origin, PATIENCE);
const actionsOf = ({ changes }: tasksApi.DocumentsOutcome) => changes.filter(({ action }) => action !== 'unchanged');

/** The default objects, as files; without what orders instances, which nobody keeps here. */
async function bundled(): Promise<{ name: string; text: string }[]> {
  const files = await readdir(BUNDLED, { recursive: true });
  const paths = files.filter((path) => path.endsWith('.yaml')).sort();
  const texts = paths.map(async (name) => ({ name, text: await readFile(join(BUNDLED, name), 'utf8') }));
  return (await Promise.all(texts)).map(({ name, text }) => ({
    name,
    text: text.replaceAll('required: true', 'required: false'),
  }));
}

async function withDefaults(origin: Origin): Promise<void> {
  for (const document of await bundled()) {
    await configuration.applyDocuments({ documents: [document] }, origin, PATIENCE);
  }
}

beforeAll(async () => {
  await withDefaults(me);
  const counts = await generateObjects({ running, registry, origin: me, random: randomOf(seed) }, 4);
  const wanted = operations(registry)
    .filter(
      ({ method, output }) => /^Create/.test(method.name) && messageShape(registry, output).identified_by.length > 0,
    )
    .map(({ output }) => output.name);
  expect(new Set(counts.keys())).toEqual(new Set(wanted));
  for (const { slug } of (await applications.listApplications({ superuser_full_list: true }, me)).results)
    await applications.setApplicationIcon({ slug, file: ICON }, me);
  const changed = { impersonation: false, avatars: 'none', footer_links: [{ name: 'Help', href: '/help' }] };
  await settings.updateSettings({ settings: changed, update_mask: Object.keys(changed) }, me);
}, 120_000);

describe(`a configuration with objects of every model (seed ${seed})`, () => {
  it('comes back as the same bytes from an empty tenant, and needs no change where it came from', async () => {
    const { documents, secrets } = await exported(me, { passphrase: PASSPHRASE, users: true });
    const other = asService(randomUUID());
    const request = { documents, secrets, passphrase: PASSPHRASE, complete: true };
    const outcome = await configuration.applyDocuments(request, other, PATIENCE);
    expect(outcome.logs).toEqual([]);
    const again = await exported(other, { users: true, passphrase: PASSPHRASE });
    expect(again.documents).toEqual(documents);
    for (const origin of [me, other]) {
      const plan = await configuration.planDocuments({ documents, complete: true }, origin, PATIENCE);
      expect({ logs: plan.logs, changes: actionsOf(plan) }).toEqual({ logs: [], changes: [] });
    }
    const secret = (await oauth2.listOAuth2Providers({}, me)).results.find(({ client_secret }) => client_secret !== '');
    const kept = await oauth2.listOAuth2Providers({ name: secret?.name ?? '' }, other);
    expect(kept.results[0]?.client_secret).toBe(secret?.client_secret);
  }, 120_000);

  it('comes back in parts over other defaults, and what is not part of it goes', async () => {
    const other = asService(randomUUID());
    await withDefaults(other);
    const surplus = { name: 'surplus', slug: 'surplus', title: 'Surplus', designation: 'authorization' };
    await flows.createFlow({ flow: { ...surplus, ...FLOW_DEFAULTS } }, other);
    const slug = 'default-authentication-flow';
    await flows.updateFlow({ slug, flow: { layout: 'sidebar_left' }, update_mask: ['layout'] }, other);
    const parts = await exported(me, { passphrase: PASSPHRASE, users: true, split: true });
    const { documents, secrets } = parts;
    expect(parts.pictures).toHaveLength(1);
    const pictures = parts.pictures.map(({ name }) => ({ name, content: ICON }));
    const keep: tasksApi.ConfiguredObject[] = [];
    for (const document of documents) {
      const request = { documents: [document], secrets, passphrase: PASSPHRASE, pictures, complete: true };
      const { logs, changes } = await configuration.applyDocuments(request, other, PATIENCE);
      expect(logs).toEqual([]);
      keep.push(...changes.map(({ model, pk }) => ({ model, pk })));
    }
    const planned = await configuration.pruneConfiguration({ keep, dry_run: true }, other, PATIENCE);
    expect(actionsOf(planned)).toMatchObject([{ action: 'deleted', title: 'surplus' }]);
    await configuration.pruneConfiguration({ keep }, other, PATIENCE);
    await expect(flows.getFlow({ slug: 'surplus' }, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await exported(other, { users: true, split: true })).documents).toEqual(documents);
  }, 120_000);

  it('names secrets without telling them, and says so', async () => {
    const { documents, secrets, remarks } = await exported();
    expect(secrets).toBe('');
    const text = documents.map((document) => document.text).join('');
    expect(text).not.toMatch(/PRIVATE KEY|^- model: authentik_core\.user$/m);
    const { results } = await oauth2.listOAuth2Providers({}, me);
    // Shorter ones are words that objects are called as well.
    const made = results.map(({ client_secret }) => client_secret).filter((secret) => secret.length > 40);
    expect(made.filter((secret) => text.includes(secret))).toEqual([]);
    expect(remarks[0]).toMatch(/^\d+ secrets are left out/);
    const sealed = await exported(me, { passphrase: PASSPHRASE });
    const wrong = { documents: sealed.documents, secrets: sealed.secrets, passphrase: `${PASSPHRASE}!` };
    expect(await configuration.planDocuments(wrong, me, PATIENCE)).toMatchObject({
      status: 'error',
      logs: [{ message: 'The secrets are sealed under another passphrase, or damaged.' }],
    });
  }, 60_000);
});

describe('a plan', () => {
  it('shows what somebody changed by hand, field by field, and changes nothing', async () => {
    const other = asService(randomUUID());
    const group = { name: 'movers', attributes: { floor: 1 } };
    const { pk } = await groups.createGroup({ group }, other);
    const { documents } = await exported(other);
    await groups.updateGroup(
      { group_uuid: pk, group: { attributes: { floor: 2 } }, update_mask: ['attributes'] },
      other,
    );
    const plan = await configuration.planDocuments({ documents }, other, PATIENCE);
    expect(actionsOf(plan)).toMatchObject([
      {
        title: 'movers',
        action: 'updated',
        fields: [{ field: 'attributes', before: { floor: 2 }, after: { floor: 1 } }],
      },
    ]);
    expect((await groups.getGroup({ group_uuid: pk }, other)).attributes).toEqual({ floor: 2 });
  });

  it.each([
    ['no YAML', 'entries: [', { file: 'second.yaml', line: 1 }],
    [
      'an unknown model',
      'entries:\n- model: a.b\n  identifiers: {name: x}\n',
      { file: 'second.yaml', entry: 0, line: 2 },
    ],
    ['another version', 'version: 2\n', { file: 'second.yaml', line: 1, message: 'Invalid blueprint version' }],
  ])('of a file with %s says which file and line', async (_, text, log) => {
    const first = 'entries:\n- model: authentik_core.group\n  identifiers: {name: x}\n';
    const documents = [
      { name: 'first.yaml', text: first },
      { name: 'second.yaml', text },
    ];
    const plan = await configuration.planDocuments({ documents }, me);
    expect(plan).toMatchObject({ status: 'error', logs: [{ level: 'error', ...log }] });
  });
});

describe('an instance', () => {
  it('is a warning while its objects drift, and successful again when it is applied', async () => {
    const other = asService(randomUUID());
    const content =
      'entries:\n- model: authentik_core.group\n  identifiers: {name: kept}\n  attrs: {is_superuser: false}\n';
    const made = await instances.createBlueprint(
      { blueprint_instance: { name: 'kept', content, enabled: true } },
      other,
    );
    const instance_uuid = made.pk;
    expect((await instances.applyBlueprint({ instance_uuid }, other, PATIENCE)).status).toBe('successful');
    expect(await configuration.getBlueprintDrift({ instance_uuid }, other)).toMatchObject({
      drifted: false,
      changes: [],
    });
    const group_uuid = (await groups.listGroups({ name: 'kept' }, other)).results[0]?.pk ?? '';
    await groups.updateGroup({ group_uuid, group: { is_superuser: true }, update_mask: ['is_superuser'] }, other);
    expect(await configuration.getBlueprintDrift({ instance_uuid }, other)).toMatchObject({
      status: 'warning',
      drifted: true,
      changes: [{ title: 'kept', fields: [{ field: 'is_superuser', before: true, after: false }] }],
    });
    expect((await instances.getBlueprint({ instance_uuid }, other)).status).toBe('warning');
    expect((await instances.applyBlueprint({ instance_uuid }, other, PATIENCE)).status).toBe('successful');
    expect(await configuration.getBlueprintDrift({ instance_uuid }, other)).toMatchObject({ status: 'successful' });
    await expect(configuration.getBlueprintDrift({ instance_uuid: randomUUID() }, other)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  }, 60_000);
});

it('looks for drift daily, in every tenant', async () => {
  const content =
    'entries:\n- model: authentik_core.group\n  identifiers: {name: daily}\n  attrs: {is_superuser: false}\n';
  const { pk: instance_uuid } = await instances.createBlueprint(
    { blueprint_instance: { name: 'daily', content, enabled: true } },
    me,
  );
  await instances.applyBlueprint({ instance_uuid }, me, PATIENCE);
  const group_uuid = (await groups.listGroups({ name: 'daily' }, me)).results[0]?.pk ?? '';
  await groups.deleteGroup({ group_uuid }, me);
  const jobs = running.client(jobsApi.JobServiceDefinition, 'tasks');
  const look = { name: 'tasks.look_for_drift', args: '{}', attempt: 1, deadline_ms: 60_000 };
  const all = await jobs.run({ ...look, id: randomUUID() }, me, PATIENCE);
  expect(all).toMatchObject({
    status: 'successful',
    messages: [expect.stringMatching(/^Asked for a look in \d+ tenants/)],
  });
  const one = await jobs.run({ ...look, id: randomUUID(), tenant: DEFAULT_TENANT }, me, PATIENCE);
  expect(one).toMatchObject({ status: 'warning', messages: ['Objects differ from the blueprint daily.'] });
  expect((await instances.getBlueprint({ instance_uuid }, me)).status).toBe('warning');
}, 60_000);

const FLOW_DEFAULTS = {
  policy_engine_mode: 'any',
  layout: 'stacked',
  denied_action: 'message_continue',
  authentication: 'none',
};
