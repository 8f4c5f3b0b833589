import type {
  FlowFacts,
  FlowOutline,
  FlowRequest,
  FlowTransaction,
  JsonObject,
  JsonValue,
  Plan,
  PlanContext,
  SessionGrant,
} from '../plans/index.ts';

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
  /** Keeps what the directory just answered, so that the stages after it need not wait for its event. */
  readonly remember: (tx: FlowTransaction, account: StageAccount) => Promise<void>;
};

/** What is tried and counted: passwords, codes of authenticators, messages with codes, and mails that lead back in. */
export type AttemptKind = 'password' | 'code' | 'recovery' | 'message';

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
};

/** Sessions, as stages use them. */
export type StageSessions = {
  /** Signs somebody in. Undefined when the account may not (it is inactive or gone). */
  readonly issue: (tx: FlowTransaction, issue: SessionIssue) => Promise<SessionGrant | undefined>;
  /** Ends a session; the browser goes on with a new one that nobody is signed in to. */
  readonly end: (tx: FlowTransaction, key: string, client: FlowRequest['client']) => Promise<SessionGrant>;
};

/** A mail server, and who signs in to it. */
export type StageMailServer = {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly use_tls: boolean;
  readonly use_ssl: boolean;
  /** Seconds that it has for each answer. */
  readonly timeout: number;
};

/** A mail with a link that leads back to a step of a plan. */
export type LinkMail = {
  readonly tenant: string;
  /** What counts as one recipient: an address, or what was typed where nobody has that name. */
  readonly recipient: string;
  /** Who gets it; unset where nobody does, and nothing else tells that. */
  readonly to?: { readonly account: StageAccount; readonly address: string };
  readonly plan: Plan;
  /** The step that waits for the link. */
  readonly step: string;
  /** Address of the page, and the query string that goes with it. */
  readonly link: { readonly page: string; readonly query: string };
  /** Title of the brand. */
  readonly title: string;
  readonly mail: {
    readonly template: string;
    readonly subject: string;
    /** Minutes that the link works. */
    readonly minutes: number;
    /** Sender; empty for the one of the settings. */
    readonly from: string;
    /** Unset: the server of the settings. */
    readonly server?: StageMailServer | undefined;
  };
};

/** Mails, as stages ask for them. */
export type StageMails = {
  /** Has a mail sent once the transaction commits, unless its recipient has had too many. Costs the same where nobody gets it. */
  readonly sendLink: (tx: FlowTransaction, mail: LinkMail) => Promise<void>;
};

/** Seals what a stage keeps in a plan for later and nobody may read there. What was sealed under one label opens under no other. */
export type StageSeal = {
  readonly seal: (secret: string, label: string) => string;
  readonly open: (sealed: string, label: string) => string;
};

/** An invitation that is good for a flow. */
export type StageInvitation = {
  readonly pk: string;
  readonly name: string;
  readonly fixedData: JsonObject;
  readonly singleUse: boolean;
};

/** Invitations, as stages use them. */
export type StageInvitations = {
  /** An invitation by its key, while it has not expired and the flow is not another one than it names. */
  readonly find: (
    tenant: string,
    asked: { readonly pk: string; readonly flow: string },
  ) => Promise<StageInvitation | undefined>;
  /** Uses up one that is good for one person: true for one caller only, however many there are at once. */
  readonly consume: (tx: FlowTransaction, pk: string) => Promise<boolean>;
  /** Whether one of these stages writes a user. */
  readonly writesLater: (tx: FlowTransaction, stages: readonly string[]) => Promise<boolean>;
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

/** What a stage reports, besides what sessions and users report themselves. */
export type StageFact =
  | {
      readonly kind: 'login_failed';
      readonly username: string;
      /** Length of the password, never the password. */
      readonly passwordLength: number;
      readonly stage: { readonly pk: string | null; readonly name: string; readonly model: string };
      /** The class of the device whose answer was wrong, and what else there is to tell of it. */
      readonly device?: { readonly class: string; readonly details: JsonObject | undefined };
    }
  | {
      readonly kind: 'user_written';
      readonly user: number;
      readonly created: boolean;
      readonly fields: readonly string[];
    }
  | {
      readonly kind: 'consent_granted';
      readonly user: number;
      readonly application: string;
      readonly permissions: readonly string[];
      readonly expires?: Date;
      readonly stored: { readonly pk: number; readonly isNew: boolean };
      /** What the audit log calls the parties. */
      readonly names: { readonly application: string; readonly username: string };
    }
  | { readonly kind: 'invitation_used'; readonly invitation: string };

/** Writes facts to the outbox, in the transaction of the plan. */
export type StageFacts = {
  readonly record: (tx: FlowTransaction, fact: StageFact, request: FlowRequest) => Promise<void>;
};

/** What went wrong because of how a stage is set up: administrators read of it in the audit log. */
export type StageProblem = {
  readonly message: string;
  /** What found out, such as `authentik.stages.authenticator_sms`. */
  readonly app: string;
  /** What else helps. Nothing secret. */
  readonly details?: JsonObject;
};

/** Tells of problems at once, in a transaction of its own: they happened whatever becomes of the plan. */
export type StageProblems = { readonly tell: (request: FlowRequest, problem: StageProblem) => Promise<void> };

/** Flows and stages that a stage refers to. */
export type StageLinks = {
  readonly flowSlug: (tenant: string, pk: string) => Promise<string | undefined>;
  /** Slug of the first flow of a designation. */
  readonly firstFlowSlug: (tenant: string, designation: string) => Promise<string | undefined>;
  readonly stageSettings: (tenant: string, pk: string) => Promise<JsonObject | undefined>;
  /** Stages by key, in no order; those that are gone are left out. */
  readonly stagesOf: (
    tenant: string,
    pks: readonly string[],
  ) => Promise<readonly { readonly pk: string; readonly name: string; readonly kind: string }[]>;
};

/** Flows that stages hand people over to. */
export type StageFlows = {
  readonly findByPk: (tenant: string, pk: string) => Promise<FlowFacts | undefined>;
  /** The stages of a flow, in their order. */
  readonly outlineOf: (tenant: string, flow: string) => Promise<Pick<FlowOutline, 'bindings'>>;
};

/** Settings of a prompt field. */
export type PromptField = {
  readonly name: string;
  readonly fieldKey: string;
  readonly label: string;
  readonly type: string;
  readonly required: boolean;
  readonly placeholder: string;
  readonly initialValue: string;
  readonly subText: string;
  readonly order: number;
  readonly placeholderExpression: boolean;
  readonly initialValueExpression: boolean;
};

/** The fields that prompt stages are made of. */
export type PromptFields = {
  readonly load: (tenant: string, pks: readonly string[]) => Promise<readonly PromptField[]>;
};

/** Programs that make values of prompts. */
export type PromptValues = {
  /** What they give, in their order; undefined for one that failed. */
  readonly evaluate: (
    programs: readonly { readonly name: string; readonly code: string }[],
    visit: { readonly context: PlanContext; readonly request: FlowRequest },
  ) => Promise<readonly (JsonValue | undefined)[]>;
  /** The same for somebody who tries programs out: one that fails is a field error that says why, and nobody else is told. */
  readonly preview: PromptValues['evaluate'];
};

/** Policies that judge what a prompt stage was told. */
export type PromptPolicies = {
  readonly validate: (
    policies: readonly string[],
    asked: {
      /** What was told, passwords included. */
      readonly data: { readonly [key: string]: JsonValue };
      /** Keys of the passwords among it. */
      readonly secrets: readonly string[];
      readonly context: PlanContext;
      readonly flow: string;
      readonly request: FlowRequest;
    },
  ) => Promise<{ readonly passing: boolean; readonly messages: readonly string[] }>;
};
