import { describe, expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';

const { apply, told, sql, me, users, groups, flows, tokens, bindings, applications, rules } = await servedBlueprints();

const HOUSE = `
version: 1
context:
  name: atlas
entries:
  - model: authentik_core.group
    id: crew
    identifiers: { name: !Format ["%s crew", !Context name] }
    attrs: { attributes: { floor: 3 } }
  - model: authentik_core.user
    id: bot
    identifiers: { username: !Format ["%s-bot", !Context name] }
    attrs:
      name: Bot
      type: service_account
      groups: [!KeyOf crew]
      password: a long walk in the hills
  - model: authentik_core.token
    identifiers: { identifier: !Format ["%s-token", !Context name] }
    attrs: { user: !KeyOf bot, intent: api, expiring: false, key: !Format ["%s-0123456789abcdef", !Context name] }
  - model: authentik_flows.flow
    id: flow
    identifiers: { slug: !Format ["%s-consent", !Context name] }
    attrs: { name: Consent, title: Consent, designation: authorization }
  - model: authentik_policies_dummy.dummypolicy
    id: policy
    identifiers: { name: !Format ["%s-policy", !Context name] }
    attrs: { result: true, wait_min: 0, wait_max: 0 }
  - model: authentik_policies.policybinding
    identifiers: { target: !KeyOf flow, policy: !KeyOf policy, order: 0 }
  - model: authentik_policies.policybinding
    identifiers: { target: !KeyOf flow, group: !KeyOf crew, order: 1 }
  - model: authentik_providers_oauth2.oauth2provider
    id: provider
    identifiers: { name: !Context name }
    attrs: { authorization_flow: !KeyOf flow, redirect_uris: "https://app.example/cb" }
  - model: authentik_core.application
    identifiers: { slug: !Context name }
    attrs: { name: !Context name, provider: !KeyOf provider, icon: "https://app.example/icon.png" }
  - model: authentik_events.notificationrule
    identifiers: { name: !Context name }
    attrs: { severity: alert, group: !KeyOf crew }
`;

const actionsOf = ({ changes }: { changes: readonly { action: string }[] }) => changes.map(({ action }) => action);

describe('a blueprint', () => {
  it('makes objects in four services that refer to each other, and changes nothing when it is applied again', async () => {
    const outcome = await apply(HOUSE);
    expect(outcome.logs).toEqual([]);
    expect(outcome.status).toBe('successful');
    expect(new Set(actionsOf(outcome))).toEqual(new Set(['created']));
    const user = (await users.listUsers({ username: 'atlas-bot' }, me)).results[0];
    const group = (await groups.listGroups({ name: 'atlas crew' }, me)).results[0];
    expect(user?.groups).toEqual([group?.pk]);
    expect((await tokens.getToken({ identifier: 'atlas-token' }, me)).user).toBe(user?.pk);
    expect((await tokens.viewTokenKey({ identifier: 'atlas-token' }, me)).key).toBe('atlas-0123456789abcdef');
    const flow = await flows.getFlow({ slug: 'atlas-consent' }, me);
    const bound = await bindings.listPolicyBindings({ target: flow.policybindingmodel_ptr_id }, me);
    expect(bound.results.map(({ order }) => order)).toEqual([0, 1]);
    const application = await applications.getApplication({ slug: 'atlas' }, me);
    expect(application).toMatchObject({ meta_icon: 'https://app.example/icon.png' });
    const rule = (await rules.listNotificationRules({ name: 'atlas' }, me)).results[0];
    expect(rule?.group).toBe(group?.pk);

    const before = await told();
    const again = await apply(HOUSE);
    expect(again).toMatchObject({ status: 'successful', logs: [] });
    expect(new Set(actionsOf(again))).toEqual(new Set(['unchanged']));
    expect(await told()).toEqual(before);
  });

  it('leaves nothing behind and tells nobody when its last entry fails, and says where', async () => {
    const before = await told();
    const outcome = await apply(
      `${HOUSE}  - model: authentik_core.application\n    identifiers: { slug: second }\n    attrs:\n      name: ""\n`,
      { context: { name: 'hermes' } },
    );
    expect(outcome).toMatchObject({
      status: 'error',
      logs: [{ level: 'error', message: 'This field may not be blank.', entry: 10, field: 'attrs.name', line: 46 }],
    });
    expect((await users.listUsers({ username: 'hermes-bot' }, me)).results).toEqual([]);
    expect((await groups.listGroups({ name: 'hermes crew' }, me)).results).toEqual([]);
    await expect(flows.getFlow({ slug: 'hermes-consent' }, me)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(tokens.getToken({ identifier: 'hermes-token' }, me)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await rules.listNotificationRules({ name: 'hermes' }, me)).results).toEqual([]);
    expect(await told()).toEqual(before);
  });

  it('says what it would change, field by field and without secrets, and changes nothing', async () => {
    const before = await told();
    const plan = await apply(HOUSE, { context: { name: 'orion' }, dry_run: true });
    expect(plan.status).toBe('successful');
    expect(plan.changes).toHaveLength(10);
    expect(plan.changes[0]).toMatchObject({ model: 'authentik_core.group', title: 'orion crew', action: 'created' });
    expect(JSON.stringify(plan)).not.toMatch(/hills|0123456789abcdef/);
    expect(plan.changes[1]?.fields.find(({ field }) => field === 'password')).toMatchObject({
      after: '********************',
    });
    await expect(flows.getFlow({ slug: 'orion-consent' }, me)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await told()).toEqual(before);
  });

  it('changes what differs and nothing else', async () => {
    await apply(entry('authentik_core.group', 'name: movers', 'attributes: { a: 1, b: [1, 2] }'));
    const outcome = await apply(
      entry('authentik_core.group', 'name: movers', 'attributes: { a: 2 }\n      is_superuser: false'),
    );
    expect(outcome.changes).toMatchObject([
      { action: 'updated', fields: [{ field: 'attributes', before: { a: 1, b: [1, 2] }, after: { a: 2 } }] },
    ]);
    expect((await told()).filter((subject) => subject.startsWith('directory.v1.group.')).at(-1)).toBe(
      'directory.v1.group.updated',
    );
  });

  it('is finished when a service fails between the commits of two others', async () => {
    await sql(`create sequence public.fuse; grant all on sequence public.fuse to public`);
    await sql(`create function public.blow() returns trigger language plpgsql as
      $$ begin if nextval('public.fuse') = 1 then raise 'blown'; end if; return null; end $$`);
    await sql(`create constraint trigger blow after insert on providers.application deferrable initially deferred
      for each row execute function public.blow()`);
    const outcome = await apply(HOUSE, { context: { name: 'phoenix' } });
    expect(outcome).toMatchObject({ status: 'successful', logs: [] });
    expect(outcome.changes[0]?.action).toBe('unchanged');
    expect(outcome.changes[8]?.action).toBe('created');
    expect(await applications.getApplication({ slug: 'phoenix' }, me)).toMatchObject({ name: 'phoenix' });
    expect(await sql('select * from tasks.blueprint_commitment')).toEqual([]);
  });

  it('ends in one set of objects when it is applied twice at once', async () => {
    const outcomes = await Promise.all([1, 2].map(() => apply(HOUSE, { context: { name: 'twins' } })));
    expect(outcomes.map(({ status }) => status)).toEqual(['successful', 'successful']);
    const actions = outcomes.map((outcome) => [...new Set(actionsOf(outcome))].join());
    expect(actions.sort()).toEqual(['created', 'unchanged']);
    expect((await groups.listGroups({ name: 'twins crew' }, me)).results).toHaveLength(1);
  });
});

describe('an entry', () => {
  it('that wants its object created leaves one that is there alone, and can be referred to', async () => {
    await apply(entry('authentik_core.group', 'name: first', 'attributes: { kept: true }'));
    const document = `${entry('authentik_core.group', 'name: first', 'attributes: {}', 'state: created\n    id: group')}
  - model: authentik_core.user
    identifiers: { username: follower }
    attrs: { name: Follower, groups: [!KeyOf group] }`;
    const outcome = await apply(document);
    expect(actionsOf(outcome)).toEqual(['unchanged', 'created']);
    const group = (await groups.listGroups({ name: 'first' }, me)).results[0];
    expect(group?.attributes).toEqual({ kept: true });
    expect((await users.listUsers({ username: 'follower' }, me)).results[0]?.groups).toEqual([group?.pk]);
  });

  it('that must be created fails where its object is there', async () => {
    const document = entry('authentik_core.group', 'name: only once', 'is_superuser: false', 'state: must_created');
    expect(await apply(document)).toMatchObject({ status: 'successful' });
    expect(await apply(document)).toMatchObject({ status: 'error', logs: [{ entry: 0, line: 3 }] });
  });

  it('that wants its object absent deletes it, and is content when there is none', async () => {
    await apply(entry('authentik_core.group', 'name: to go', 'is_superuser: false'));
    const document = entry('authentik_core.group', 'name: to go', 'is_superuser: false', 'state: absent');
    expect(actionsOf(await apply(document))).toEqual(['deleted']);
    expect(actionsOf(await apply(document))).toEqual(['unchanged']);
  });

  it('whose conditions do not hold is skipped, and cannot be referred to', async () => {
    const document = `${entry('authentik_core.group', 'name: never', 'is_superuser: false', 'conditions: [false]\n    id: group')}
  - model: authentik_core.user
    identifiers: { username: nobody }
    attrs: { name: Nobody, groups: [!KeyOf group] }`;
    expect(await apply(document)).toMatchObject({
      status: 'error',
      logs: [{ message: 'KeyOf: failed to find entry with `id` of `group` and a model instance', entry: 1 }],
      changes: [{ action: 'skipped' }],
    });
  });

  it.each([
    [
      'a model that nobody may speak of',
      entry('authentik_flows.stage', 'name: a', 'b: c'),
      'Model authentik_flows.stage not allowed',
      'model',
    ],
    [
      'no identifiers',
      'entries:\n  - model: authentik_core.group\n    attrs: { name: a }\n',
      'No or invalid identifiers',
      'identifiers',
    ],
    [
      'a missing field',
      entry('authentik_core.user', 'username: incomplete', 'email: a@example.com'),
      'This field is required.',
      'attrs.name',
    ],
    [
      'an object that is not there',
      entry('authentik_core.user', 'username: lonely', 'name: L\n      groups: [0197c0de-0000-7000-8000-00000000ffff]'),
      'object does not exist',
      'attrs.groups',
    ],
    [
      'a token with a key and no owner',
      entry('authentik_core.token', 'identifier: odd', 'key: abc\n      intent: api'),
      'Missing user',
      'attrs.user',
    ],
    [
      'a field that identifies nothing',
      entry('authentik_core.group', 'shoe_size: 44', 'name: a'),
      'cannot be found by shoe_size',
      undefined,
    ],
  ])('with %s is refused, with its place', async (_, document, message, field) => {
    const { status, logs } = await apply(document);
    expect({ status, log: logs[0] }).toMatchObject({
      status: 'error',
      log: {
        message: expect.stringContaining(message),
        entry: 0,
        ...(field !== undefined && { field: expect.stringContaining(field) }),
      },
    });
    expect(logs[0]?.line).toBeGreaterThan(1);
  });

  it('finds its object by a column, a lookup and the object of another model', async () => {
    await apply(entry('authentik_core.group', 'name: Finders', 'attributes: { team: red }'));
    const { pk = '' } = (await groups.listGroups({ name: 'Finders' }, me)).results[0] ?? {};
    const found = [`group_uuid: ${pk.toUpperCase()}`, 'name__iexact: FINDERS', 'attributes: { team: red }'];
    for (const identifiers of found) {
      const outcome = await apply(entry('authentik_core.group', identifiers, 'is_superuser: false'));
      expect(outcome.changes[0]?.pk).toBe(pk);
    }
    const finding = `!Find [authentik_core.group, [name__istartswith, finde], [attributes__team, red]]`;
    const outcome = await apply(entry('authentik_core.user', 'username: found', `name: F\n      groups: [${finding}]`));
    expect(outcome.changes[0]?.fields.find((one) => one.field === 'groups')?.after).toEqual([pk]);
  });

  it('binds a policy of one service to what another one makes in the same blueprint', async () => {
    const document = `entries:
  - model: authentik_events.notificationrule
    id: rule
    identifiers: { name: guarded }
    attrs: { severity: alert }
  - model: authentik_policies_event_matcher.eventmatcherpolicy
    id: policy
    identifiers: { name: guarding }
    attrs: { action: login }
  - model: authentik_policies.policybinding
    identifiers: { target: !KeyOf rule, policy: !KeyOf policy }
    attrs: { order: 0 }
`;
    expect(await apply(document)).toMatchObject({ status: 'successful', logs: [] });
    expect(actionsOf(await apply(document))).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  it('that names a key of its own is referred to by it', async () => {
    const own = '0197c0de-0000-7000-8000-0000000000aa';
    const document = `entries:
  - model: authentik_core.group
    identifiers: { pk: ${own} }
    attrs: { name: exported }
  - model: authentik_core.user
    identifiers: { username: exported }
    attrs: { name: E, groups: [${own}] }
`;
    expect(actionsOf(await apply(document))).toEqual(['created', 'created']);
    const group = (await groups.listGroups({ name: 'exported' }, me)).results[0];
    expect((await users.listUsers({ username: 'exported' }, me)).results[0]?.groups).toEqual([group?.pk]);
  });
});

/** A blueprint of one entry. */
function entry(model: string, identifiers: string, attrs: string, more = 'state: present'): string {
  const isFlow = identifiers.startsWith('{');
  return `entries:
  # One.
  - model: ${model}
    ${more}
    identifiers:${isFlow ? ` ${identifiers}` : `\n      ${identifiers}`}
    attrs:
      ${attrs}
`;
}
