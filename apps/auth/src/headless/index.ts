/**
 * The headless sign-in API: the same people, credentials, counters and sessions as the flows, for front ends of others. A request is a visit
 * to a session; what it changes is stored at once, or not at all. Decision 243.
 */

import { HEADLESS_MIGRATIONS as FRAME_MIGRATIONS } from './headless.migrations.ts';
import { HEADLESS_SETTINGS_MIGRATIONS } from './settings.migrations.ts';

export { frontendUrl } from './frontend.urls.ts';
export type { HeadlessParts } from './headless.parts.ts';
export { pendingLogin, type Visit } from './headless.visit.ts';
export type { Visits } from './headless.visits.ts';
export { createHeadless, type HeadlessDeps } from './headless.wiring.ts';
export { typesOf as factorTypesOf } from './mfa/index.ts';
export { findByMethod } from './people.finder.ts';
export { SESSION_ID_COOKIE, sessionOfCookie, sessionOfSecret } from './session.tokens.ts';
export { createHeadlessSettings, declaredSettings, type HeadlessSettingsStore } from './settings.codec.ts';
export { HeadlessSettingsEntity } from './settings.entity.ts';
export { createHeadlessSettingsRpc, HEADLESS_SETTINGS_REFERABLE } from './settings.rpc.ts';

/** Tables of the API. */
export const HEADLESS_MIGRATIONS = [...FRAME_MIGRATIONS, ...HEADLESS_SETTINGS_MIGRATIONS];
