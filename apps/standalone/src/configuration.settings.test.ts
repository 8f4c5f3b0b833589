import { randomUUID } from 'node:crypto';
import { directory as directoryApi, tasks as tasksApi } from '@postern/proto';
import { asService, type Origin } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';

const { running } = await servedBlueprints();
const configuration = running.client(tasksApi.BlueprintConfigurationServiceDefinition);
const instances = running.client(tasksApi.BlueprintServiceDefinition);
const settings = running.client(directoryApi.SettingsServiceDefinition);
const PATIENCE = { deadlineMs: 60_000 };
const tenant = () => asService(randomUUID());

const DEFAULTS = {
  avatars: 'initials',
  default_user_change_name: true,
  default_user_change_email: false,
  default_user_change_username: false,
  gdpr_compliance: true,
  impersonation: true,
  footer_links: [],
};

/** A blueprint about the settings. */
const about = (attrs: string, more = 'identifiers: {}') =>
  `entries:\n- model: authentik_tenants.settings\n  ${more}\n  attrs:\n    ${attrs}\n`;

const exported = (origin: Origin) => configuration.exportConfiguration({}, origin, PATIENCE);
const plan = (text: string, origin: Origin, complete = false) =>
  configuration.planDocuments({ documents: [{ name: 'a.yaml', text }], complete }, origin, PATIENCE);
const apply = (text: string, origin: Origin, complete = false) =>
  configuration.applyDocuments({ documents: [{ name: 'a.yaml', text }], complete }, origin, PATIENCE);
const change = (origin: Origin, values: Partial<directoryApi.Settings>) =>
  settings.updateSettings({ settings: { ...DEFAULTS, ...values }, update_mask: Object.keys(values) }, origin);

describe('a blueprint refuses settings', () => {
  it.each([
    ['that shall be absent', about('{}', 'state: absent'), 'state', 3, 'it cannot be absent'],
    ['that must be created', about('{}', 'state: must_created'), 'state', 3, 'it cannot be created'],
    ['of a name', about('{}', 'identifiers: {avatars: none}'), 'identifiers.avatars', 3, 'its identifiers are empty'],
    ['that there are not', about('impersonatoin: false'), 'attrs.impersonatoin', 5, 'has no field impersonatoin'],
    ['of another type', about('impersonation: often'), 'attrs.impersonation', 5, 'Must be a valid boolean'],
    ['that are null', about('gdpr_compliance: null'), 'attrs.gdpr_compliance', 5, 'may not be null'],
    ['that the service refuses', about('avatars: fingerprints'), 'attrs.avatars', 5, 'not a way to find a picture'],
    ['that are empty', about('avatars: ""'), 'attrs.avatars', 5, ''],
  ])('%s, with field and line, and changes nothing', async (_what, text, field, line, message) => {
    const origin = tenant();
    const both = `${text}- model: authentik_tenants.settings\n  attrs: {impersonation: false}\n`;
    const outcome = await apply(both, origin);
    expect(outcome).toMatchObject({
      status: 'error',
      logs: [{ file: 'a.yaml', entry: 0, field, line, message: expect.stringContaining(message) }],
    });
    expect(await settings.getSettings({}, origin)).toEqual(DEFAULTS);
  });

  it('as something that others refer to', async () => {
    const text = `entries:
- model: authentik_core.group
  identifiers: {name: !Find [authentik_tenants.settings, [avatars, initials]]}
`;
    expect(await plan(text, tenant())).toMatchObject({
      status: 'error',
      logs: [{ line: 3, message: expect.stringContaining('authentik_tenants.settings has no key') }],
    });
  });

  it('together with objects that are wrong: all or nothing', async () => {
    const origin = tenant();
    const text = `${about('impersonation: false')}- model: authentik_core.user\n  identifiers: {username: nameless}\n`;
    expect(await apply(text, origin)).toMatchObject({ status: 'error', logs: [{ entry: 1 }] });
    expect(await settings.getSettings({}, origin)).toEqual(DEFAULTS);
  });
});

describe('settings', () => {
  it('come back from an export as the same bytes, and are planned field by field', async () => {
    const [one, other] = [tenant(), tenant()];
    const links = [{ href: 'https://help.example/', name: 'Help' }];
    await change(one, { footer_links: links, impersonation: false, default_user_change_email: true });
    const { documents } = await exported(one);
    const text = documents[0]?.text ?? '';
    expect(text).toContain(`- model: authentik_tenants.settings
  identifiers: {}
  attrs:
    default_user_change_email: true
    footer_links:
    - href: https://help.example/
      name: Help
    impersonation: false
`);
    await change(other, { avatars: 'none', impersonation: true });
    const planned = await plan(text, other, true);
    expect(planned.changes.find(({ model }) => model === 'authentik_tenants.settings')).toMatchObject({
      action: 'updated',
      pk: null,
      fields: [
        { field: 'avatars', before: 'none', after: 'initials' },
        { field: 'default_user_change_email', before: false, after: true },
        { field: 'impersonation', before: true, after: false },
        { field: 'footer_links', before: [], after: links },
      ],
    });
    expect((await settings.getSettings({}, other)).avatars).toBe('none');
    expect((await apply(text, other, true)).status).toBe('successful');
    expect((await exported(other)).documents).toEqual(documents);
    const again = await plan(text, one, true);
    expect(again.changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
  });

  it('that nobody changed are an entry that names none, so that an import resets them', async () => {
    const { documents } = await exported(tenant());
    expect(documents[0]?.text).toMatch(/- model: authentik_tenants\.settings\n {2}identifiers: \{\}\n(?! {2}attrs)/);
  });

  it.each(['present', 'created'])(
    'that a blueprint names change, and others stay, where they are %s',
    async (state) => {
      const origin = tenant();
      await change(origin, { avatars: 'none' });
      const outcome = await apply(about('impersonation: false', `state: ${state}`), origin);
      expect(outcome).toMatchObject({ status: 'successful', changes: [{ action: 'updated' }] });
      expect(await settings.getSettings({}, origin)).toEqual({ ...DEFAULTS, avatars: 'none', impersonation: false });
    },
  );

  it('outlive pruning', async () => {
    const origin = tenant();
    await change(origin, { avatars: 'none' });
    const keep = [{ model: 'authentik_core.group', pk: randomUUID() }];
    const outcome = await configuration.pruneConfiguration({ keep }, origin, PATIENCE);
    expect(outcome).toMatchObject({ status: 'successful', logs: [] });
    expect(outcome.changes.filter(({ model }) => model === 'authentik_tenants.settings')).toEqual([]);
    expect((await settings.getSettings({}, origin)).avatars).toBe('none');
  });

  it('that somebody changed by hand since are drift of the instance that sets them', async () => {
    const origin = tenant();
    const blueprint_instance = { name: 'house rules', content: about('impersonation: false'), enabled: true };
    const { pk: instance_uuid } = await instances.createBlueprint({ blueprint_instance }, origin);
    expect((await instances.applyBlueprint({ instance_uuid }, origin, PATIENCE)).status).toBe('successful');
    expect(await configuration.getBlueprintDrift({ instance_uuid }, origin)).toMatchObject({ drifted: false });
    await change(origin, { impersonation: true });
    expect(await configuration.getBlueprintDrift({ instance_uuid }, origin)).toMatchObject({
      status: 'warning',
      drifted: true,
      changes: [{ fields: [{ field: 'impersonation', before: true, after: false }] }],
    });
  });

  it('of an instance are looked at before it is kept', async () => {
    const blueprint_instance = { name: 'odd', content: about('{}', 'state: absent'), enabled: true };
    await expect(instances.createBlueprint({ blueprint_instance }, tenant())).rejects.toMatchObject({
      violations: [{ field: 'content', description: expect.stringContaining('it cannot be absent') }],
    });
  });
});
