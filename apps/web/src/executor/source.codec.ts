import { shown } from './frame.codec.ts';
import type { AppleChallenge, PlexChallenge, SourceChallenge } from './source.types.ts';
import { optionalText, textOf, type Wire } from './wire.codec.ts';

/** Reads what a way to sign in elsewhere begins with; undefined for a kind that these pages do not know. */
export function sourceChallenge(wire: Wire): SourceChallenge | undefined {
  const component = textOf(wire, 'component');
  if (component === 'ak-source-plex') return plexChallenge(wire);
  if (component === 'ak-source-oauth-apple') return appleChallenge(wire);
  const isRedirect = component === 'xak-flow-redirect' || textOf(wire, 'type') === 'redirect';
  const to = isRedirect ? optionalText(wire, 'to') : undefined;
  return to === undefined ? undefined : { component: 'xak-flow-redirect', to };
}

export function plexChallenge(wire: Wire): PlexChallenge {
  return {
    component: 'ak-source-plex',
    ...shown(wire),
    client_id: textOf(wire, 'client_id'),
    slug: textOf(wire, 'slug'),
  };
}

export function appleChallenge(wire: Wire): AppleChallenge {
  return {
    component: 'ak-source-oauth-apple',
    ...shown(wire),
    client_id: textOf(wire, 'client_id'),
    scope: textOf(wire, 'scope'),
    redirect_uri: textOf(wire, 'redirect_uri'),
    state: textOf(wire, 'state'),
  };
}
