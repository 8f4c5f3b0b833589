/** What the benchmark uses of `oidc-provider`, which brings no types along. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type AdapterPayload = Readonly<Record<string, unknown>> & {
    readonly grantId?: string;
    readonly userCode?: string;
    readonly uid?: string;
  };

  export type Adapter = {
    upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void>;
    find(id: string): Promise<AdapterPayload | undefined>;
    findByUid(uid: string): Promise<AdapterPayload | undefined>;
    findByUserCode(code: string): Promise<AdapterPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grant: string): Promise<void>;
  };

  type Client = { readonly clientId: string };
  type Token = { save(): Promise<string> };
  type Grant = Token & { addOIDCScope(scope: string): void };
  type Fields = Readonly<Record<string, unknown>>;

  type Configuration = Fields & {
    readonly adapter?: (kind: string) => Adapter;
    readonly findAccount: (context: unknown, accountId: string) => Fields;
    readonly features: Fields & {
      readonly resourceIndicators: Fields & {
        readonly getResourceServerInfo: (context: unknown, resource: string) => Fields;
      };
    };
  };

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly Client: { find(id: string): Promise<Client | undefined> };
    readonly Grant: new (
      fields: Fields,
    ) => Grant;
    readonly RefreshToken: new (
      fields: Fields,
    ) => Token;
    readonly AccessToken: new (
      fields: Fields,
    ) => Token;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    on(event: 'server_error', listener: (context: unknown, error: Error) => void): void;
  }
}
