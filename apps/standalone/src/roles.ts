import type { AppManifest } from '@postern/service';

/** Each role in the order of a start: those that others need come first. An app is loaded when it is asked for, and only then. */
const LOADERS = {
  directory: async () => (await import('@postern/directory')).directory,
  auth: async () => (await import('@postern/auth')).auth,
  providers: async () => (await import('@postern/providers')).providers,
  tasks: async () => (await import('@postern/tasks')).tasks,
  gateway: async () => (await import('@postern/gateway')).gatewayApp,
} as const satisfies Record<string, () => Promise<AppManifest>>;

/** One of the services. */
export type Role = keyof typeof LOADERS;

/** Every role, those first that others need at their start. */
export const ROLES = Object.keys(LOADERS).filter(isRole);

/** Whether there is such a role. */
export function isRole(name: string): name is Role {
  return Object.hasOwn(LOADERS, name);
}

/** Loads the app of a role. */
export function loadRole(role: Role): Promise<AppManifest> {
  return LOADERS[role]();
}

/** Loads every app. */
export function loadAll(): Promise<AppManifest[]> {
  return Promise.all(ROLES.map(loadRole));
}
