import { lazy } from 'react';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { UserLink } from '../resource/object.link.tsx';
import type { Resource } from '../resource/resource.ts';
import type { Row } from '../table/row.ts';
import { events } from './events.resource.ts';

const OffBoardDialog = lazy(async () => ({
  default: (await import('../offboarding/off-board.dialog.tsx')).OffBoardDialog,
}));

const usernameOf = (row: Row) => ({ user__username: textOf(row, 'username') });

export const users: Resource = {
  place: 'identity/users',
  group: 'directory',
  words: 'users',
  path: '/core/users/',
  model: 'authentik_core.user',
  holder: 'users',
  key: 'pk',
  title: 'username',
  subtitle: 'name',
  columns: [
    { field: 'username', sort: 'username' },
    { field: 'email', sort: 'email', isWide: true },
    { field: 'is_active', sort: 'is_active' },
    { field: 'type', sort: 'type', isWide: true },
    { field: 'last_login', sort: 'last_login' },
  ],
  ordering: 'username',
  filters: ['is_active', 'type', 'is_superuser', 'groups_by_name'],
  paths: '/core/users/paths/',
  fields: ['username', 'name', 'email', 'type', 'path', 'is_active', 'groups', 'attributes'],
  actions: [
    { name: 'setPassword', method: 'POST', path: 'set_password/', form: '/core/users/{id}/set_password/' },
    { name: 'recovery', method: 'GET', path: 'recovery/', shows: 'link' },
    {
      name: 'impersonate',
      method: 'POST',
      path: 'impersonate/',
      isFor: ({ is_active }) => is_active === true,
      goTo: () => '/if/user/',
    },
    {
      name: 'activate',
      method: 'PATCH',
      path: '',
      body: () => ({ is_active: true }),
      isFor: ({ is_active }) => is_active === false,
      isForMany: true,
    },
    {
      name: 'deactivate',
      method: 'PATCH',
      path: '',
      body: () => ({ is_active: false }),
      isFor: ({ is_active }) => is_active === true,
      isGrave: true,
      isForMany: true,
    },
    { name: 'offBoard', dialog: OffBoardDialog, isGrave: true },
  ],
  listActions: [
    {
      name: 'createServiceAccount',
      method: 'POST',
      path: 'service_account/',
      form: '/core/users/service_account/',
      shows: 'token',
    },
  ],
  related: [
    { resource: () => groups, fixed: (row) => ({ members_by_username: textOf(row, 'username') }) },
    { resource: () => sessions, fixed: usernameOf },
    { resource: () => tokens, fixed: usernameOf, given: ({ pk }) => ({ user: pk }) },
    { resource: () => consents, fixed: (row) => ({ user: String(row.pk) }) },
    { resource: () => events, fixed: (row) => ({ username: textOf(row, 'username') }) },
  ],
};

export const groups: Resource = {
  place: 'identity/groups',
  group: 'directory',
  words: 'groups',
  path: '/core/groups/',
  model: 'authentik_core.group',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'parent_name', as: 'parent', isWide: true },
    { field: 'is_superuser', sort: 'is_superuser' },
    { field: 'roles_obj', as: 'roles', isWide: true },
  ],
  ordering: 'name',
  filters: ['is_superuser', 'members_by_username'],
  fields: ['name', 'parent', 'is_superuser', 'roles', 'attributes'],
  actions: [
    {
      name: 'addUser',
      method: 'POST',
      path: 'add_user/',
      form: '/core/groups/{group_uuid}/add_user/',
      as: { pk: 'user' },
    },
  ],
  related: [{ resource: () => users, fixed: (row) => ({ groups_by_pk: textOf(row, 'pk') }) }],
};

export const roles: Resource = {
  place: 'identity/roles',
  group: 'directory',
  words: 'roles',
  path: '/rbac/roles/',
  model: 'authentik_rbac.role',
  holder: 'roles',
  key: 'pk',
  title: 'name',
  columns: [{ field: 'name', sort: 'name' }],
  ordering: 'name',
};

export const tokens: Resource = {
  place: 'core/tokens',
  group: 'directory',
  words: 'tokens',
  path: '/core/tokens/',
  model: 'authentik_core.token',
  key: 'identifier',
  title: 'identifier',
  subtitle: 'description',
  columns: [
    { field: 'identifier', sort: 'identifier' },
    { field: 'user_obj.username' },
    { field: 'intent', sort: 'intent', isWide: true },
    { field: 'expiring', sort: 'expiring', isWide: true },
    { field: 'expires', sort: 'expires' },
  ],
  ordering: 'identifier',
  filters: ['intent', 'expiring', 'user__username'],
  fields: ['identifier', 'user', 'intent', 'description', 'expiring', 'expires'],
  actions: [{ name: 'viewKey', method: 'GET', path: 'view_key/', shows: 'key' }],
};

export const sessions: Resource = {
  place: 'core/sessions',
  group: 'directory',
  words: 'sessions',
  path: '/core/authenticated_sessions/',
  key: 'uuid',
  title: 'last_ip',
  columns: [
    { field: 'user_agent', draw: browserOf },
    { field: 'user', draw: ({ user }) => <UserLink pk={user} /> },
    { field: 'last_ip', sort: 'last_ip', isWide: true },
    { field: 'last_used', sort: 'last_used' },
    { field: 'expires', sort: 'expires', isWide: true },
  ],
  ordering: '-last_used',
  filters: ['user__username', 'last_ip'],
};

/** `Firefox on Linux`, or what the browser says of itself. */
function browserOf(row: Row) {
  const { user_agent: browser, os } = wireOf(row.user_agent);
  const named = [browser, os].map((part) => textOf(wireOf(part), 'family')).filter((name) => name && name !== 'Other');
  return <>{named.join(' · ') || textOf(row, 'last_user_agent')}</>;
}

export const consents: Resource = {
  place: 'core/consents',
  group: 'directory',
  words: 'consents',
  path: '/core/user_consent/',
  key: 'pk',
  title: 'application.name',
  columns: [
    { field: 'application.name' },
    { field: 'permissions', isWide: true },
    { field: 'expires', sort: 'expires' },
  ],
  isPart: true,
};

export const reputation: Resource = {
  place: 'policy/reputation',
  group: 'directory',
  words: 'reputation',
  path: '/policies/reputation/scores/',
  key: 'pk',
  title: 'identifier',
  columns: [
    { field: 'identifier', sort: 'identifier' },
    { field: 'ip', sort: 'ip' },
    { field: 'score', sort: 'score' },
    { field: 'updated', sort: 'updated' },
  ],
  ordering: 'score',
};

export const invitations: Resource = {
  place: 'flow/invitations',
  group: 'directory',
  words: 'invitations',
  path: '/stages/invitation/invitations/',
  model: 'authentik_stages_invitation.invitation',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'created_by.username' },
    { field: 'single_use', isWide: true },
    { field: 'expires', sort: 'expires' },
  ],
  ordering: 'expires',
  fields: ['name', 'expires', 'single_use', 'flow', 'fixed_data'],
};
