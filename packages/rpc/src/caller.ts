import type { ChangeSet } from './change-set.ts';

/** Kinds of user, as the public contract names them. */
export type UserType = 'internal' | 'external' | 'service_account' | 'internal_service_account';

/** The apps that speak to each other. */
export type ServiceName = 'gateway' | 'auth' | 'directory' | 'providers' | 'tasks';

/** Who is calling. `session` is the key of the browser session, also of one that nobody has signed in to yet. */
export type Principal =
  | { readonly kind: 'anonymous'; readonly tenant: string; readonly session?: string }
  | UserPrincipal
  | { readonly kind: 'service'; readonly tenant: string; readonly name: ServiceName };

/** A person, or an account that a machine uses. */
export type UserPrincipal = {
  readonly kind: 'user';
  readonly tenant: string;
  readonly user: {
    readonly pk: number;
    readonly uuid: string;
    readonly username: string;
    readonly name: string;
    readonly email: string;
    readonly type: UserType;
  };
  readonly superuser: boolean;
  /** Permissions held, such as `authentik_core.view_user`. A superuser needs none of them. */
  readonly permissions: readonly string[];
  /** Keys of the roles that their groups give them. What those hold on single objects, they hold. Absent means none. */
  readonly roles?: readonly string[];
  /** How the credential was presented. */
  readonly via: 'api_token' | 'session' | 'oauth2' | 'password';
  readonly session?: string;
  readonly scopes?: readonly string[];
  /** Who really acts, while they impersonate the user. What the caller may do is what the user may. */
  readonly impersonator?: Omit<UserPrincipal['user'], 'type'>;
};

/** The request that came in at the edge. Every text is empty when a call did not start there (a job, a consumer). */
export type ClientInfo = {
  readonly tenant: string;
  /** Address of the client, after trusted proxies. */
  readonly address: string;
  readonly userAgent: string;
  /** Host and port as the client named them. */
  readonly host: string;
  readonly scheme: string;
  readonly method: string;
  readonly path: string;
  /** Query string without the question mark. */
  readonly query: string;
  /** Value of the session cookie, as sent: not verified. */
  readonly session?: string;
  /** Values of other cookies that services read, by name, as sent: not verified. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** Id that the logs of every service carry for this request. */
  readonly requestId: string;
};

/** What a handler knows about its caller. */
export type Context = {
  readonly tenant: string;
  readonly principal: Principal;
  readonly client: ClientInfo;
  readonly requestId: string;
  /** The change set that the call is part of. Data is read and written in its transaction wherever the context is given to the database. */
  readonly changeSet?: ChangeSet | undefined;
};

/** The client of a call that did not start at the edge. */
export function noClient(tenant: string, requestId: string): ClientInfo {
  return { tenant, address: '', userAgent: '', host: '', scheme: '', method: '', path: '', query: '', requestId };
}
