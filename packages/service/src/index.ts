/** The frame of an app: settings, wiring, listening, health, draining. */

export { migrationsOf } from './app.life.ts';
export {
  type AppData,
  type AppManifest,
  type AppParts,
  defineApp,
  type PlainDeps,
  type PlainManifest,
  type StoringDeps,
  type StoringManifest,
} from './manifest.ts';
export { cataloguesOf, type ProcessOptions, type RunningProcess, startProcess } from './process.ts';
export { type MainHooks, runMain } from './run-main.ts';
export { GRPC_PORTS, type ServiceSettings, serviceSettings } from './service.settings.ts';
export { TENANT_DELETED } from './tenant-ends.ts';
export { TENANT_CREATED } from './tenants.ts';
