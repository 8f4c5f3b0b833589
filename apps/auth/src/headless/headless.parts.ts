import type { Database } from '@postern/database';
import type { EventBus, Outbox } from '@postern/messaging';
import type { directory, providers, tasks } from '@postern/proto';
import type { Client } from '@postern/rpc';
import type { StatusGate } from '../accounts/index.ts';
import type { AppTokens } from '../app-tokens/index.ts';
import type { DeviceCodes, DeviceStore } from '../devices/index.ts';
import type { AccountMails, Mailboxes } from '../mailboxes/index.ts';
import type { Notices } from '../notices/index.ts';
import type { PasswordResets } from '../password-reset/index.ts';
import type { Passwords } from '../passwords/index.ts';
import type { PhoneMessages, PhoneNumbers } from '../phones/index.ts';
import type { PasswordProblems, Registration } from '../registration/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { StageAccounts, StageAttempts } from '../stages/index.ts';
import type { Site } from './frontend.urls.ts';
import type { Frame } from './headless.frame.ts';
import type { Visit } from './headless.visit.ts';
import type { LoginPipeline } from './login.pipeline.ts';
import type { Presenter } from './presenter.codec.ts';
import type { RateLimits } from './rate.limits.ts';
import type { ProviderList } from './social/index.ts';

/** What areas of the API are made of: the engine that flows use, too, and the services around it. */
export type HeadlessEngine = {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  readonly secrets: readonly string[];
  readonly gate: StatusGate;
  readonly accounts: StageAccounts;
  readonly passwords: Passwords;
  readonly attempts: StageAttempts;
  readonly sessions: Sessions;
  readonly devices: DeviceStore;
  readonly deviceCodes: DeviceCodes;
  readonly mailboxes: Mailboxes;
  readonly registration: Registration;
  readonly passwordProblems: PasswordProblems;
  readonly phones: PhoneNumbers;
  readonly phoneMessages: PhoneMessages;
  readonly users: Client<directory.UserServiceDefinition>;
  readonly addresses: Client<directory.EmailAddressServiceDefinition>;
  readonly socialAccounts: Client<directory.SocialAccountServiceDefinition>;
  readonly sources: Client<providers.SourceSignInServiceDefinition>;
  readonly bus: Pick<EventBus, 'tail' | 'onGap'>;
  readonly mail: Client<tasks.MailServiceDefinition>;
  readonly accountMails: AccountMails;
  /** The host that links may lead to: a request may name any. */
  readonly siteOf: (visit: Pick<Visit, 'tenant' | 'client'>) => Site;
  readonly notices: Notices;
  /** What the brand of a host is called. */
  readonly brandTitles: { readonly title: (tenant: string, host: string) => Promise<string> };
  readonly resets: PasswordResets;
  readonly appTokens: AppTokens;
};

/** The same with what answers and logins need: what the operations of an area get. */
export type HeadlessParts = HeadlessEngine & {
  readonly frame: Frame;
  readonly pipeline: LoginPipeline;
  readonly presenter: Presenter;
  readonly limits: RateLimits;
  readonly providers: ProviderList;
  /** Whether somebody has a way to show once more who they are. */
  readonly canReauthenticate: (visit: Visit, user: number) => Promise<boolean>;
};
