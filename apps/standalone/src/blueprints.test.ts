import { describe, expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';

const { apply, told, me, users, groups, flows, tokens, bindings, applications, rules } = await servedBlueprints();

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
    attrs: { user: !KeyOf bot, intent: api, expiring: false, key: 0123456789abcdef }
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
    expect((await tokens.viewTokenKey({ identifier: 'atlas-token' }, me)).key).toBe('0123456789abcdef');
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
});
