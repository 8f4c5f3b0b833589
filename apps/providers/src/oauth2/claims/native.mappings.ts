import type { directory } from '@postern/proto';

/** Whom claims are about. What costs a call is asked for when a mapping needs it. */
export type ClaimsSubject = {
  readonly person: directory.User;
  /** Attributes of the person, merged over those of their groups. */
  attributes(): Promise<Readonly<Record<string, unknown>>>;
};

/** What a mapping of the platform gives. */
export type NativeMapping = (
  subject: ClaimsSubject,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/** The mappings of the platform, by managed key: what their programs give, without an interpreter. */
export const NATIVE_MAPPINGS: ReadonlyMap<string, NativeMapping> = new Map<string, NativeMapping>([
  ['goauthentik.io/providers/oauth2/scope-openid', () => ({})],
  ['goauthentik.io/providers/oauth2/scope-offline_access', () => ({})],
  ['goauthentik.io/providers/oauth2/scope-email', ({ person: { email } }) => ({ email, email_verified: true })],
  [
    'goauthentik.io/providers/oauth2/scope-profile',
    ({ person: { name, username, groups_obj } }) => ({
      name,
      given_name: name,
      preferred_username: username,
      nickname: username,
      groups: groups_obj.map((group) => group.name),
    }),
  ],
  [
    'goauthentik.io/providers/proxy/scope-proxy',
    async ({ person, attributes }) => ({
      sid: null,
      ak_proxy: { user_attributes: await attributes(), is_superuser: person.is_superuser },
    }),
  ],
]);
