import type { Shown } from './challenge.types.ts';

/** Sign-in with Plex happens between the browser and Plex; the server gets the token it brings. */
export type PlexChallenge = Shown & {
  readonly component: 'ak-source-plex';
  readonly client_id: string;
  /** Of the source. */
  readonly slug: string;
};

/** What Apple wants to know of whoever it sends back. */
export type AppleChallenge = Shown & {
  readonly component: 'ak-source-oauth-apple';
  readonly client_id: string;
  readonly scope: string;
  readonly redirect_uri: string;
  readonly state: string;
};

/** What a way to sign in elsewhere begins with. */
export type SourceChallenge =
  | { readonly component: 'xak-flow-redirect'; readonly to: string }
  | PlexChallenge
  | AppleChallenge;
