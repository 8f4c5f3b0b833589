import { sameText } from '@postern/expressions';
import type { directory } from '@postern/proto';

/** Whom claims are about. What costs a call is asked for when a mapping needs it. */
export type ClaimsSubject = {
  readonly person: directory.User;
  /** Attributes of the person, merged over those of their groups. */
  attributes(): Promise<Readonly<Record<string, unknown>>>;
};

/** A mapping that every tenant starts with: what its program gives, without an interpreter. */
export type NativeMapping = {
  /** The program as the blueprints of the installation have it. */
  readonly expression: string;
  /** Names of the claims that it gives; discovery lists them. */
  readonly claims: readonly string[];
  evaluate(subject: ClaimsSubject): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;
};

const OPENID = '# Asks for OpenID Connect; the claims come with the other scopes.\nreturn {}\n';

const EMAIL = `return {
    "email": request.user.email,
    "email_verified": True,
}
`;

const PROFILE = `return {
    "name": request.user.name,
    # People have one name here, whatever its parts.
    "given_name": request.user.name,
    "preferred_username": request.user.username,
    "nickname": request.user.username,
    "groups": [group.name for group in request.user.ak_groups.all()],
}
`;

const PROXY = `return {
    "sid": request.http_request.session.session_key,
    "ak_proxy": {
        "user_attributes": request.user.group_attributes(request),
        "is_superuser": request.user.is_superuser,
    },
}
`;

const NATIVE_MAPPINGS: readonly NativeMapping[] = [
  { expression: OPENID, claims: [], evaluate: () => ({}) },
  {
    expression: EMAIL,
    claims: ['email', 'email_verified'],
    evaluate: ({ person: { email } }) => ({ email, email_verified: true }),
  },
  {
    expression: PROFILE,
    claims: ['name', 'given_name', 'preferred_username', 'nickname', 'groups'],
    evaluate: ({ person: { name, username, groups_obj } }) => ({
      name,
      given_name: name,
      preferred_username: username,
      nickname: username,
      groups: groups_obj.map((group) => group.name),
    }),
  },
  {
    expression: PROXY,
    claims: ['sid', 'ak_proxy'],
    evaluate: async ({ person, attributes }) => ({
      sid: null,
      ak_proxy: { user_attributes: await attributes(), is_superuser: person.is_superuser },
    }),
  },
];

/** What a program means, if it is one that every tenant starts with. Whoever changes it has written a program of their own. */
export function nativeMapping(expression: string): NativeMapping | undefined {
  return (
    NATIVE_MAPPINGS.find((one) => one.expression === expression) ??
    NATIVE_MAPPINGS.find((one) => sameText(one.expression, expression))
  );
}
