import type { ClientSettings } from '../client-settings/index.ts';
import type { SigningKey } from '../keys/index.ts';
import type { ClientType, IssuerMode, RedirectUri, SubMode } from '../providers/index.ts';

/** A client of OAuth 2, ready for the protocol. Durations are seconds. */
export type OAuth2Client = {
  /** Key of the provider. */
  readonly pk: number;
  readonly name: string;
  readonly clientId: string;
  readonly clientType: ClientType;
  /** Empty for a client that has none. */
  readonly clientSecret: string;
  readonly redirectUris: readonly RedirectUri[];
  readonly accessCodeValidity: number;
  readonly accessTokenValidity: number;
  readonly refreshTokenValidity: number;
  readonly includeClaimsInIdToken: boolean;
  readonly subMode: SubMode;
  readonly issuerMode: IssuerMode;
  /** Keys of flows. */
  readonly authenticationFlow?: string;
  readonly authorizationFlow: string;
  /** Undefined while no application uses the provider: nobody may use it then. */
  readonly application?: ClientApplication;
  /** In the order of their names. */
  readonly scopes: readonly ScopeProgram[];
  /** Undefined signs with the client secret. */
  readonly signingKey?: SigningKey;
  /** Sources whose keys may sign for the client. */
  readonly jwksSources: readonly ClientSource[];
  /** What the public model of a provider does not say. */
  readonly settings: ClientSettings;
};

/** The application that a client serves. */
export type ClientApplication = {
  readonly pk: string;
  readonly name: string;
  readonly slug: string;
  readonly policyEngineMode: 'all' | 'any';
};

/** A scope and the program that makes its claims. */
export type ScopeProgram = {
  readonly pk: string;
  readonly name: string;
  /** Names a mapping of the platform, which is evaluated natively while its text is unchanged. */
  readonly managed?: string;
  readonly scopeName: string;
  readonly description: string;
  readonly expression: string;
};

/** A source whose keys may sign for a client: RFC 7517, section 5. */
export type ClientSource = {
  readonly pk: string;
  readonly name: string;
  readonly jwks: Readonly<Record<string, unknown>>;
  /** Folder of the accounts that its keys vouch for. */
  readonly userPath: string;
};
