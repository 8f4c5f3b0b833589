/** A mapping of the platform. Its text is laid down at every start; a mapping that still has it is evaluated natively. */
export type ManagedScope = {
  readonly managed: string;
  readonly name: string;
  readonly scopeName: string;
  readonly description: string;
  readonly expression: string;
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

/** The scopes that every tenant starts with. */
export const MANAGED_SCOPES: readonly ManagedScope[] = [
  {
    managed: 'goauthentik.io/providers/oauth2/scope-openid',
    name: "authentik default OAuth Mapping: OpenID 'openid'",
    scopeName: 'openid',
    description: '',
    expression: OPENID,
  },
  {
    managed: 'goauthentik.io/providers/oauth2/scope-email',
    name: "authentik default OAuth Mapping: OpenID 'email'",
    scopeName: 'email',
    description: 'Email address',
    expression: EMAIL,
  },
  {
    managed: 'goauthentik.io/providers/oauth2/scope-profile',
    name: "authentik default OAuth Mapping: OpenID 'profile'",
    scopeName: 'profile',
    description: 'General Profile Information',
    expression: PROFILE,
  },
  {
    managed: 'goauthentik.io/providers/proxy/scope-proxy',
    name: 'authentik default OAuth Mapping: Proxy outpost',
    scopeName: 'ak_proxy',
    description: 'authentik Proxy - User information',
    expression: PROXY,
  },
];

/** Programs of the platform's mappings, by managed key. */
export const MANAGED_EXPRESSIONS: ReadonlyMap<string, string> = new Map(
  MANAGED_SCOPES.map(({ managed, expression }) => [managed, expression]),
);
