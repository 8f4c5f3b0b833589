/** What stages need to let people in by a link: mails and invitations. */

import type { FlowTransaction, JsonObject, Plan } from '../plans/index.ts';
import type { StageAccount } from './account.ports.ts';

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
