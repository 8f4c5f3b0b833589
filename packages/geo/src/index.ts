/** Where clients are, as far as their address tells: from a MaxMind City database that the operator provides. */

export { GEO_SETTINGS } from './geo.settings.ts';
export { createGeo, type Geo, type GeoDeps, type Place } from './geo.ts';
