/** What stages need of people: their accounts, passwords, sessions, and how often somebody may try. */

import type { FlowRequest, FlowTransaction, JsonObject, JsonValue, SessionGrant } from '../plans/index.ts';

/** Somebody who exists, as the accounts feature keeps them. */
export type StageAccount = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
  /** Kind of the account: `internal`, `external`, `service_account` or `internal_service_account`. */
  readonly type: string;
};

/** By what an account can be found. */
export type IdentifierField = 'email' | 'username' | 'upn';

/** Accounts, as stages look for them. */
export type StageAccounts = {
  /** The first account by key one of whose fields equals the text. */
  readonly findByIdentifier: (
    tenant: string,
    search: { readonly fields: readonly IdentifierField[]; readonly value: string; readonly ignoreCase: boolean },
  ) => Promise<StageAccount | undefined>;
  readonly findByPk: (tenant: string, pk: number) => Promise<StageAccount | undefined>;
  /** Whether somebody may do anything in Postern: superusers, and whoever holds a permission. */
  readonly hasRights: (tenant: string, pk: number) => Promise<boolean>;
  /** Keeps what the directory just answered, so that the stages after it need not wait for its event. */
  readonly remember: (tx: FlowTransaction, account: StageAccount) => Promise<void>;
};

/** What is tried and counted: passwords, codes of authenticators, messages with codes, mails that lead back in, codes of devices, and devices that ask for codes. */
export type AttemptKind = 'password' | 'code' | 'recovery' | 'message' | 'userCode' | 'deviceRequest';

/** Somebody who tries to prove who they are, or asks for a way back in. */
export type Attempt = {
  readonly kind: AttemptKind;
  /** Key of the account that is tried; undefined where nobody has the name. */
  readonly user: number | undefined;
  /** What was typed, where nobody has that name: it is counted like somebody, so that nothing tells the two apart. */
  readonly name?: string;
  /** The browser that tries. */
  readonly client: Pick<FlowRequest['client'], 'address' | 'cookies'>;
};

/** Attempts, counted for the account, the network and the device that they come from. */
export type StageAttempts = {
  /**
   * Counts an attempt before it is judged, in a transaction of its own, so that of many at once no more are judged than may be. What is refused
   * must be answered like what is wrong, without being looked at.
   */
  readonly reserve: (tenant: string, attempt: Attempt) => Promise<'allowed' | 'refused'>;
  /** Takes back what a successful attempt had counted; in the transaction that goes on with it. */
  readonly succeeded: (tx: FlowTransaction, tenant: string, attempt: Attempt) => Promise<void>;
};

/** How a password was proved. */
export type PasswordProof = {
  /** Dotted path of the backend that knew it. */
  readonly backend: string;
  /** `password` or `token`. */
  readonly method: string;
  readonly args: JsonObject;
  /** Takes back what the attempt had counted; in the transaction that goes on with it. */
  readonly settle: (tx: FlowTransaction) => Promise<void>;
};

/** Passwords, as stages use them. */
export type StagePasswords = {
  /**
   * Tries the backends in order. Costs the same for an account that is not there, is inactive or has no password: one hash is always
   * computed. What was tried too often is not looked at, and answered like a wrong password after as long. Throws UNAVAILABLE when too many
   * hashes wait.
   */
  readonly verify: (
    tenant: string,
    account: StageAccount | undefined,
    password: string,
    backends: readonly string[],
    from: {
      /** What was typed to name the account. */
      readonly name: string;
      readonly client: Attempt['client'];
    },
  ) => Promise<PasswordProof | undefined>;
  /** The encoded hash of a new password. */
  readonly hash: (password: string) => Promise<string>;
  /** Stores an encoded hash. With `firstOnly` it does so only while the account has no usable password; false when it has one. */
  readonly set: (
    tx: FlowTransaction,
    account: number,
    encodedHash: string,
    options: {
      readonly firstOnly: boolean;
      /** The account was made just now: its first password is no change that anybody is told of. */
      readonly isNew?: boolean;
      /** Session that goes on; all others of the account end. */
      readonly keepSession?: string;
    },
  ) => Promise<boolean>;
};

/** Asks for a session. */
export type SessionIssue = {
  /** Session that holds the plan; its key is not used again. */
  readonly replaces: string;
  /** Somebody is signed in to that session, and it ends. */
  readonly endsReplaced: boolean;
  readonly account: number;
  /** How they signed in. */
  readonly method: string;
  readonly methodArgs: JsonObject;
  /** Seconds the session lasts; 0 ends it with the browser. */
  readonly seconds: number;
  readonly endOthers: boolean;
  readonly client: FlowRequest['client'];
  /** Secret that the client gets, where it knows it by another name than the cookie's. Default: a new one. */
  readonly secret?: string;
};

/** Sessions, as stages use them. */
export type StageSessions = {
  /** Signs somebody in. Undefined when the account may not (it is inactive or gone). */
  readonly issue: (tx: FlowTransaction, issue: SessionIssue) => Promise<SessionGrant | undefined>;
  /** Ends a session; the browser goes on with a new one that nobody is signed in to. */
  readonly end: (tx: FlowTransaction, key: string, client: FlowRequest['client']) => Promise<SessionGrant>;
};

/** Fields of a user that stages may set. */
export type UserFields = {
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  readonly path?: string;
  /** Kind of the account; never that of Postern's own parts. */
  readonly type?: string;
  readonly is_active?: boolean;
};

/** A change of somebody's attributes: over what is there, key by key; of one within others; of one that is a list. */
export type AttributeChange =
  | { readonly kind: 'merge'; readonly value: JsonObject }
  | { readonly kind: 'set'; readonly path: readonly string[]; readonly value: JsonValue }
  | { readonly kind: 'append'; readonly key: string; readonly value: string };

/** A user to be created or changed. */
export type UserDraft = {
  readonly fields: UserFields;
  /** In their order; what they do not name stays. */
  readonly attributes: readonly AttributeChange[];
  /** Keys of groups to be added to. */
  readonly groups: readonly string[];
};

/** What a new user is, unless its fields say otherwise. */
export type NewUser = UserDraft & { readonly isActive: boolean; readonly path: string; readonly type: string };

/** The users of the directory, as stages write them. Throws what the directory refuses, with its reason. */
export type UserDirectory = {
  readonly create: (tenant: string, user: NewUser) => Promise<StageAccount>;
  readonly update: (tenant: string, pk: number, draft: UserDraft) => Promise<StageAccount>;
  /** Lets a deactivated user in again. */
  readonly activate: (tenant: string, pk: number) => Promise<StageAccount>;
  readonly isUsernameTaken: (tenant: string, username: string) => Promise<boolean>;
  /** Deletes somebody. Somebody who is gone already stays gone. */
  readonly remove: (tenant: string, pk: number) => Promise<void>;
  /** Whether somebody's account lasts no longer than their session: the attribute `goauthentik.io/user/delete-on-logout`. */
  readonly isTransient: (tenant: string, pk: number) => Promise<boolean>;
};
