import type { auth, directory } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { ClientApplication } from '../clients/index.ts';

/** Users, as the directory knows them now. */
export type People = {
  /** Undefined for one that does not exist. */
  find(tenant: string, user: number, call: Call): Promise<directory.User | undefined>;
  /** Attributes of the person, merged over those of their groups. */
  attributes(tenant: string, user: number, call: Call): Promise<Readonly<Record<string, unknown>>>;
};

/** Sessions, as the login service knows them now. */
export type Sessions = {
  /** Undefined for a session that is over, or that nobody is signed in to. */
  find(tenant: string, session: string, call: Call): Promise<auth.SessionFacts | undefined>;
  end(tenant: string, session: string, call: Call): Promise<void>;
};

/** Flows that people pass. */
export type Flows = {
  /** Plans a flow into the caller's session; answers with the page to send the browser to. */
  start(tenant: string, request: Partial<auth.StartFlowRequest>, call: Call): Promise<string>;
  /** Passes a flow in which nobody may be asked; says whether that was possible, and what would have asked. */
  pass(tenant: string, request: Partial<auth.StartFlowRequest>, call: Call): Promise<auth.PassSilentlyResponse>;
};

/** Whether the policies of an application let somebody use it. */
export type AccessQuestion = {
  readonly tenant: string;
  readonly application: ClientApplication;
  /** Key of the user; undefined for somebody who has no account. */
  readonly user: number | undefined;
  /** What the policies may look at: `oauth_scopes`, `oauth_grant_type`, ... */
  readonly context: Readonly<Record<string, unknown>>;
};

/** What the policies say. */
export type AccessAnswer = { readonly passing: boolean; readonly messages: readonly string[] };

/** The policies of applications. */
export type ApplicationPolicies = {
  check(question: AccessQuestion, call: Call): Promise<AccessAnswer>;
};

/** Random texts. */
export type Random = {
  /** Unguessable text of so many bytes, base64url. */
  text(bytes: number): string;
  uuid(): string;
};

export type Clock = { now(): Date };
