/**
 * The one way out: calls to addresses that people entered (webhooks, registries of blueprints). Never reaches addresses of this machine or of the network
 * it stands in unless an operator allows them, never takes longer or reads more than it was told to, and follows redirects only when asked, each checked
 * like the first address.
 */

export { EgressError, type EgressReason } from './egress.error.ts';
export { EGRESS_SETTINGS } from './egress.settings.ts';
export { createEgress, type Egress, type EgressDeps, type EgressRequest, type EgressResponse } from './egress.ts';
export { createReach, type Reach } from './reach.ts';
