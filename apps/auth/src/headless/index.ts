/**
 * The headless sign-in API: the same people, credentials, counters and sessions as the flows, for front ends of others. A request is a visit
 * to a session; what it changes is stored at once, or not at all. Decision 243.
 */

import { HEADLESS_MIGRATIONS as FRAME_MIGRATIONS } from './headless.migrations.ts';
import { HEADLESS_SETTINGS_MIGRATIONS } from './settings.migrations.ts';

export { createHeadless, type HeadlessDeps } from './headless.wiring.ts';
export { SESSION_ID_COOKIE, sessionOfSecret } from './session.tokens.ts';
export { createHeadlessSettings, declaredSettings } from './settings.codec.ts';
export { HeadlessSettingsEntity } from './settings.entity.ts';
export { createHeadlessSettingsRpc, HEADLESS_SETTINGS_REFERABLE } from './settings.rpc.ts';

/** Tables of the API. */
export const HEADLESS_MIGRATIONS = [...FRAME_MIGRATIONS, ...HEADLESS_SETTINGS_MIGRATIONS];
