/** Somebody who gets a mail. */
export type MailAddress = { readonly name: string; readonly address: string };

/** A mail server that a mail names, in place of the one of the settings. */
export type MailServer = {
  readonly host: string;
  readonly port: number;
  /** Empty to sign in as nobody. */
  readonly username: string;
  readonly password: string;
  /** STARTTLS is required. */
  readonly useTls: boolean;
  /** The connection begins with TLS. */
  readonly useSsl: boolean;
  /** Milliseconds that the server has for each answer. */
  readonly timeout: number;
};

/** A mail, ready to be sent. */
export type Mail = {
  /** UUID; it stands in the Message-ID, so that a mail that is sent twice can be told for the same. */
  readonly pk: string;
  readonly tenant: string;
  /** Sender; empty for the one of the settings. */
  readonly from: string;
  readonly to: readonly MailAddress[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Unset: the server of the settings. */
  readonly server?: MailServer | undefined;
};

/** What became of a mail that was sent. */
export type Sent = {
  readonly from: string;
  /** Recipients that the server refused, while it took the others. */
  readonly refused: readonly string[];
};

/** Sends mails. */
export type Mailer = {
  /** Throws MailFailure. Ends at once when the signal does. */
  send(mail: Mail, signal?: AbortSignal): Promise<Sent>;
  /** Lets go of idle connections. */
  close(): void;
};

/** A mail that was not sent, and why, in words for administrators. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  /** Whether sending it again is of no use: the server refused the recipient or the mail. */
  readonly isPermanent: boolean;

  constructor(message: string, { isPermanent = false, cause }: { isPermanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isPermanent = isPermanent;
  }
}

/** Recipients in words: `a@example.com, b@example.com`. */
export function addressesOf(to: readonly MailAddress[]): string {
  return to.map(({ address }) => address).join(', ');
}
