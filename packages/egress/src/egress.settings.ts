import { networks } from '@postern/config';

/** Settings of calls to the outside. */
export const EGRESS_SETTINGS = {
  allow: networks(
    'Addresses of the own network that webhooks and registries of blueprints may be reached at, for example `10.0.0.0/8`. Public addresses always may.',
    '',
  ),
};
