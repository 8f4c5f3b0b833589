/** What delegates try: each a request to the real services, with numbers that choose whom and what it is about. */

import { common } from '@postern/errors';
import { auth, directory, fieldShape, loadRegistry, providers, tasks } from '@postern/proto';
import type { Origin, ReceivedHead } from '@postern/rpc';
import type { RunningProcess } from '@postern/service';

/** What can be chosen from, at the moment of a request. */
export type Choices = {
  readonly users: readonly number[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Identifiers of tokens, with their owners. */
  readonly tokens: readonly { readonly identifier: string; readonly user: number }[];
  readonly flows: readonly { readonly pk: string; readonly slug: string }[];
  /** Stages that write users. */
  readonly stages: readonly string[];
  /** Groups that they make newcomers members of. */
  readonly given: readonly string[];
};

/** Picks by the numbers of an action, one after the other. */
export type Dice = {
  <Item>(items: readonly Item[]): Item | undefined;
  chance(share: number): boolean;
  word(): string;
};

/**
 * What a request would make of its caller, were it let through: able to act as `user`, able to bring people into `group`, or able to
 * do `anything`. Requests that only change rows say nothing: the rows tell.
 */
export type Gain = {
  readonly user?: number | undefined;
  readonly group?: string | undefined;
  readonly anything?: true;
};

/** An attempt: resolves when it is let through. */
export type Action = (choices: Choices, dice: Dice, origin: Origin) => Promise<Gain | undefined>;

const EDITABLE = { name: '', is_active: true, path: 'users', type: 'internal' };

/** Every action, by name. */
export function actionsOf(running: RunningProcess): Readonly<Record<string, Action>> {
  return {
    ...directoryActions(running),
    ...credentialActions(running),
    ...flowActions(running),
    ...otherActions(running),
  };
}

function directoryActions({ client }: RunningProcess): Record<string, Action> {
  const users = client(directory.UserServiceDefinition);
  const groups = client(directory.GroupServiceDefinition);
  const roles = client(directory.RoleServiceDefinition);
  const permissions = client(directory.PermissionAssignmentServiceDefinition);
  const some = <Item>(items: readonly Item[], dice: Dice): Item[] =>
    [dice(items), dice(items)].filter(
      (one, index) => one !== undefined && dice.chance(index === 0 ? 0.8 : 0.2),
    ) as Item[];
  const assignment = ({ permissions: names, groups: keys }: Choices, dice: Dice) => {
    const onObject = dice.chance(0.25);
    const picked = dice(onObject ? ['view_group', 'change_group', 'delete_group'] : names);
    const given = picked === undefined ? [] : [picked];
    return onObject
      ? { permissions: given, model: 'authentik_core.group', object_pk: dice(keys) ?? '' }
      : { permissions: given, model: '', object_pk: '' };
  };
  return {
    async createUser({ groups: keys }, dice, origin) {
      await users.createUser({ user: { ...EDITABLE, username: dice.word(), groups: some(keys, dice) } }, origin);
      return undefined;
    },
    async joinGroups({ users: pks, groups: keys }, dice, origin) {
      const change = { user: { groups: some(keys, dice) }, update_mask: ['groups'] };
      await users.updateUser({ id: dice(pks) ?? 0, ...change }, origin);
      return undefined;
    },
    // Whoever decides where the mails of somebody go has the next link.
    async changeEmail({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      await users.updateUser(
        { id: user, user: { email: `${dice.word()}@example.org` }, update_mask: ['email'] },
        origin,
      );
      return { user };
    },
    async createGroup({ groups: keys, roles: own, users: pks }, dice, origin) {
      const group = {
        name: dice.word(),
        is_superuser: dice.chance(0.2),
        roles: some(own, dice),
        users: some(pks, dice),
      };
      await groups.createGroup({ group: { ...group, ...(dice.chance(0.5) ? { parent: dice(keys) } : {}) } }, origin);
      return undefined;
    },
    async changeGroup({ groups: keys, roles: own, users: pks }, dice, origin) {
      const field = dice(['is_superuser', 'parent', 'roles', 'users'] as const) ?? 'roles';
      const group = { is_superuser: true, parent: dice(keys), roles: some(own, dice), users: some(pks, dice) };
      await groups.updateGroup({ group_uuid: dice(keys) ?? '', group, update_mask: [field] }, origin);
      return undefined;
    },
    async addUser({ groups: keys, users: pks }, dice, origin) {
      await groups.addUser({ group_uuid: dice(keys) ?? '', pk: dice(pks) ?? 0 }, origin);
      return undefined;
    },
    async removeUser({ groups: keys, users: pks }, dice, origin) {
      await groups.removeUser({ group_uuid: dice(keys) ?? '', pk: dice(pks) ?? 0 }, origin);
      return undefined;
    },
    async deleteGroup({ groups: keys }, dice, origin) {
      await groups.deleteGroup({ group_uuid: dice(keys) ?? '' }, origin);
      return undefined;
    },
    async createRole(_choices, dice, origin) {
      await roles.createRole({ role: { name: dice.word() } }, origin);
      return undefined;
    },
    async deleteRole({ roles: own }, dice, origin) {
      await roles.deleteRole({ uuid: dice(own) ?? '' }, origin);
      return undefined;
    },
    async assignUser(choices, dice, origin) {
      await permissions.assignUserPermissions(
        { id: dice(choices.users) ?? 0, assignment: assignment(choices, dice) },
        origin,
      );
      return undefined;
    },
    async assignRole(choices, dice, origin) {
      await permissions.assignRolePermissions(
        { uuid: dice(choices.roles) ?? '', assignment: assignment(choices, dice) },
        origin,
      );
      return undefined;
    },
    async unassignUser(choices, dice, origin) {
      await permissions.unassignUserPermissions(
        { id: dice(choices.users) ?? 0, assignment: assignment(choices, dice) },
        origin,
      );
      return undefined;
    },
    async setPassword({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      await users.setPassword({ id: user, password: 'correct horse' }, origin);
      return { user };
    },
    async createServiceAccount(_choices, dice, origin) {
      await users.createServiceAccount({ name: dice.word(), create_group: dice.chance(0.5) }, origin);
      return undefined;
    },
  };
}

function credentialActions({ client }: RunningProcess): Record<string, Action> {
  const tokens = client(auth.TokenServiceDefinition);
  const recovery = client(auth.UserRecoveryServiceDefinition);
  const impersonation = client(auth.ImpersonationServiceDefinition);
  return {
    async createToken({ users: pks }, dice, origin) {
      const token = { identifier: dice.word(), intent: dice(['api', 'app_password']) ?? 'api', user: dice(pks) ?? 0 };
      return { user: (await tokens.createToken({ token }, origin)).user };
    },
    async takeToken({ tokens: known, users: pks }, dice, origin) {
      const { identifier = '' } = dice(known) ?? {};
      const token = { identifier, intent: 'api', user: dice(pks) ?? 0 };
      return { user: (await tokens.updateToken({ identifier, token }, origin)).user };
    },
    async viewKey({ tokens: known }, dice, origin) {
      const { identifier = '', user } = dice(known) ?? {};
      await tokens.viewTokenKey({ identifier }, origin);
      return user === undefined ? undefined : { user };
    },
    async setKey({ tokens: known }, dice, origin) {
      const { identifier = '', user } = dice(known) ?? {};
      await tokens.setTokenKey({ identifier, key: dice.word().padEnd(40, 'x') }, origin);
      return user === undefined ? undefined : { user };
    },
    async recoveryLink({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      // Without a flow for it there is no link, which only those learn who might have had it.
      await recovery.getUserRecovery({ id: user }, origin).catch((error: unknown) => {
        if (!common.NOT_FOUND.is(error)) throw error;
      });
      return { user };
    },
    async impersonate({ users: pks }, dice, origin) {
      const user = dice(pks) ?? 0;
      const heads: ReceivedHead[] = [];
      await impersonation.startImpersonation({ id: user }, origin, { onHead: (head) => void heads.push(head) });
      return heads.some(({ status }) => status === 401) ? undefined : { user };
    },
  };
}

function flowActions({ client }: RunningProcess): Record<string, Action> {
  const flows = client(auth.FlowInstanceServiceDefinition);
  const bindings = client(auth.FlowStageBindingServiceDefinition);
  const writes = client(auth.UserWriteStageServiceDefinition);
  const logins = client(auth.UserLoginStageServiceDefinition);
  const mails = client(auth.EmailStageServiceDefinition);
  const duos = client(auth.AuthenticatorDuoStageServiceDefinition);
  const captchas = client(auth.CaptchaStageServiceDefinition);
  const invitations = client(auth.InvitationServiceDefinition);
  const transfer = client(tasks.FlowTransferServiceDefinition);
  return {
    async createFlow(_choices, dice, origin) {
      const name = dice.word();
      const flow = { name, slug: name, title: name, designation: 'enrollment' };
      await flows.createFlow({ flow: { ...whole('auth.v1.Flow'), ...flow } }, origin);
      return undefined;
    },
    async writeStage({ groups: keys }, dice, origin) {
      const group = dice(keys);
      const stage = { user_creation_mode: 'always_create', user_type: 'internal', create_users_group: group };
      await writes.createUserWriteStage(
        { user_write_stage: { ...whole('auth.v1.UserWriteStage'), name: dice.word(), ...stage } },
        origin,
      );
      return group === undefined ? undefined : { group };
    },
    async changeWriteStage({ groups: keys, stages }, dice, origin) {
      const group = dice(keys);
      const user_write_stage = { name: dice.word(), create_users_group: group };
      const stage_uuid = dice(stages) ?? '';
      await writes.updateUserWriteStage({ stage_uuid, user_write_stage, update_mask: ['create_users_group'] }, origin);
      return group === undefined ? undefined : { group };
    },
    async bindStage({ flows: known, stages, given }, dice, origin) {
      const binding = { target: dice(known)?.pk ?? '', stage: dice(stages) ?? '', order: 1 };
      const flow_stage_binding = { ...whole('auth.v1.FlowStageBinding'), ...binding };
      await bindings.createFlowStageBinding({ flow_stage_binding }, origin);
      return { group: dice(given) };
    },
    async loginStage(_choices, dice, origin) {
      await logins.createUserLoginStage(
        { user_login_stage: { ...whole('auth.v1.UserLoginStage'), name: dice.word() } },
        origin,
      );
      return undefined;
    },
    async invite({ flows: known, groups: keys, given }, dice, origin) {
      const fixed_data = { groups: [dice(keys)], is_superuser: true };
      await invitations.createInvitation(
        { invitation: { name: dice.word(), flow: dice(known)?.pk, fixed_data } },
        origin,
      );
      return { group: dice(given) };
    },
    // Whose server sends the links reads them; whose service says yes, or runs in the page, is everybody.
    async mailStage(_choices, dice, origin) {
      const stage = { host: 'mail.example.org', use_global_settings: false, template: 'email/password_reset.html' };
      await mails.createEmailStage(
        { email_stage: { ...whole('auth.v1.EmailStage'), name: dice.word(), ...stage } },
        origin,
      );
      return { anything: true };
    },
    async duoStage(_choices, dice, origin) {
      const stage = { client_id: 'x', client_secret: 'x', api_hostname: 'duo.example.org' };
      await duos.createAuthenticatorDuoStage(
        { authenticator_duo_stage: { ...whole('auth.v1.AuthenticatorDuoStage'), name: dice.word(), ...stage } },
        origin,
      );
      return { anything: true };
    },
    async captchaStage(_choices, dice, origin) {
      const stage = { public_key: 'x', private_key: 'x', js_url: 'https://evil.example.org/captcha.js' };
      await captchas.createCaptchaStage(
        { captcha_stage: { ...whole('auth.v1.CaptchaStage'), name: dice.word(), ...stage } },
        origin,
      );
      return { anything: true };
    },
    async importFlow(_choices, _dice, origin) {
      const text =
        'version: 1\nentries:\n- {model: authentik_core.group, identifiers: {name: g}, attrs: {is_superuser: true}}\n';
      await transfer.importFlow({ file: Buffer.from(text) }, origin);
      return { anything: true };
    },
  };
}

function otherActions({ client }: RunningProcess): Record<string, Action> {
  const blueprints = client(tasks.BlueprintServiceDefinition);
  const mappings = client(providers.ScopeMappingServiceDefinition);
  const clients = client(providers.OAuth2ProviderServiceDefinition);
  const sources = client(providers.OAuthSourceServiceDefinition);
  const applications = client(providers.ApplicationServiceDefinition);
  return {
    async blueprint(_choices, dice, origin) {
      const content =
        'version: 1\nentries:\n- {model: authentik_core.group, identifiers: {name: g}, attrs: {is_superuser: true}}\n';
      await blueprints.createBlueprint({ blueprint_instance: { name: dice.word(), content, enabled: true } }, origin);
      return { anything: true };
    },
    // A client that gets tokens for the API acts as whoever follows a link.
    async apiClient({ flows }, dice, origin) {
      const scope_mapping = { name: dice.word(), scope_name: 'goauthentik.io/api', expression: 'return {}' };
      const { pk } = await mappings.createScopeMapping({ scope_mapping }, origin);
      const client = { name: dice.word(), authorization_flow: dice(flows)?.pk ?? '', property_mappings: [pk] };
      await clients.createOAuth2Provider(
        { oauth2_provider: { ...whole('providers.v1.OAuth2Provider'), ...client } },
        origin,
      );
      return { anything: true };
    },
    async source(_choices, dice, origin) {
      const slug = dice.word();
      const ways = { user_matching_mode: 'username_link', provider_type: 'openidconnect' };
      const keys = { consumer_key: 'x', consumer_secret: 'x', authorization_url: 'https://idp.example.org/' };
      const urls = { access_token_url: 'https://idp.example.org/t', profile_url: 'https://idp.example.org/u' };
      await sources.createOAuthSource(
        { oauth_source: { ...whole('providers.v1.OAuthSource'), name: slug, slug, ...ways, ...keys, ...urls } },
        origin,
      );
      return { anything: true };
    },
    async application(_choices, dice, origin) {
      const slug = dice.word();
      await applications.createApplication(
        { application: { ...whole('providers.v1.Application'), name: slug, slug } },
        origin,
      );
      return undefined;
    },
  };
}

const REGISTRY = loadRegistry();

/** What the edge fills in for clients of REST. */
export function whole(type: string): Record<string, unknown> {
  const fields = REGISTRY.getMessage(`postern.${type}`)?.fields ?? [];
  const declared = fields.map((field) => [field.name, fieldShape(REGISTRY, field).default] as const);
  return Object.fromEntries(declared.filter(([, text]) => text !== '').map(([name, text]) => [name, JSON.parse(text)]));
}
