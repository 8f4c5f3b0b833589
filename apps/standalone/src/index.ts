/** Everything in one process, and the `postern` command. */

export { standaloneSettings } from './standalone.settings.ts';
export { type Standalone, type StandaloneOptions, startStandalone } from './start-standalone.ts';
