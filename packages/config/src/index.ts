/**
 * Settings: declared once as a schema, read once from the environment, frozen. The only place that reads `process.env`.
 */

export { type Address, formatAddress, parseAddress, parseNetwork, parsePlaces } from './address.ts';
export { parseBytes } from './bytes.ts';
export { ConfigError, type Problem } from './config.error.ts';
export { ignoredVariables, type LoadOptions, loadConfig, unknownVariables } from './config.ts';
export { parseDuration } from './duration.ts';
export { type Environment, environment } from './environment.ts';
export { freeVariables } from './free-variables.ts';
export { type ConfigOf, type ConfigSchema, type ConfigShape, defineConfig } from './schema.ts';
export { Secret } from './secret.ts';
export {
  address,
  addressOrOff,
  bytes,
  choice,
  count,
  countWithin,
  duration,
  flag,
  list,
  networks,
  places,
  type Setting,
  secret,
  secretUrl,
  text,
  url,
} from './settings.ts';
export { type SettingsSection, settingsPage } from './settings-page.ts';
