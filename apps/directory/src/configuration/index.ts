/** What the pages and the other services need to know about the installation before anyone signs in. */

export { bindConfiguration, type ConfigurationDeps } from './configuration.rpc.ts';
export { createTasksCapabilities } from './tasks-capabilities.client.ts';
