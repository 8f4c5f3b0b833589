/** Wiring of the headless sign-in API and of what it alone uses. */

import { setTimeout as sleep } from 'node:timers/promises';
import { patientDatabase } from '@postern/database';
import type { JobHandler } from '@postern/jobs';
import { directory, providers, tasks } from '@postern/proto';
import type { BoundService } from '@postern/rpc';
import { v7 } from 'uuid';
import { createAccessKeys } from './access-keys/index.ts';
import type { AuthDeps, Credentials } from './credentials.app.ts';
import type { DeviceCodes, DeviceStore } from './devices/index.ts';
import type { BrandTitles, Flows } from './flows/index.ts';
import { createHeadless, type HeadlessDeps } from './headless/index.ts';
import { createUsualTime } from './lockout/index.ts';
import { createAccountMails, createLinkKeys, createMailboxes } from './mailboxes/index.ts';
import { createNotices } from './notices/index.ts';
import { createPasswordResets } from './password-reset/index.ts';
import { createPhoneMessages, createPhoneNumbers } from './phones/index.ts';
import { createPasswordProblems, createRegistration, createUnfinishedAccounts } from './registration/index.ts';
import { createRestAuth } from './rest-auth/index.ts';
import { createLinkHost } from './stages/index.ts';

/** What it is built from besides what people hold. */
export type HeadlessAppParts = Pick<HeadlessDeps, 'defaults'> & {
  readonly held: Credentials;
  readonly devices: DeviceStore;
  readonly deviceCodes: DeviceCodes;
  readonly flows: Pick<Flows, 'phonePost'>;
  readonly brandTitles: BrandTitles;
};

/** Creates the API, and the jobs that it asks for. */
export function createHeadlessApp(
  { database, messaging, client, secrets, clock, bus, config }: AuthDeps,
  { held, devices, deviceCodes, flows, brandTitles, defaults }: HeadlessAppParts,
): {
  readonly services: readonly BoundService[];
  readonly jobs: readonly JobHandler[];
  /** Whether somebody has no second factor in a tenant that wants everybody to have one. */
  readonly lacksFactor: (tenant: string, user: number) => Promise<boolean>;
} {
  const { outbox } = messaging;
  const { lockout, sessions } = held;
  const phoneMessages = createPhoneMessages({ database, outbox, post: flows.phonePost, clock });
  const mail = client(tasks.MailServiceDefinition);
  const titleOf = (tenant: string, host: string) => brandTitles.title(tenant, host);
  const accountMails = createAccountMails({ database, outbox, clock, ids: () => v7(), mail, titleOf });
  const users = client(directory.UserServiceDefinition);
  const addresses = client(directory.EmailAddressServiceDefinition);
  const mailing = { mails: accountMails, users, addresses };
  const resets = createPasswordResets({ database, outbox, secrets, clock, ...held, ...mailing });
  const linkHost = createLinkHost(config.links.hosts);
  const phones = createPhoneNumbers(database);
  const mailboxes = createMailboxes({ ...held, addresses, keys: createLinkKeys(secrets) });
  const usualTime = createUsualTime({ now: () => performance.now(), sleep, random: Math.random });
  // Of so many requests at once, most wait for the same rows: they leave connections to others.
  const patient = patientDatabase(database, 0.4);
  const unfinished = createUnfinishedAccounts({ database, outbox, users });
  const registration = createRegistration({
    ...held,
    database: patient,
    users,
    unfinished,
    addresses,
    mailboxes,
    phones,
    usualTime,
  });
  const signingUp = { mailboxes, registration, passwordProblems: createPasswordProblems() };
  const { services, shared } = createHeadless({
    ...held,
    database: patient,
    outbox,
    clock,
    secrets,
    attempts: lockout.attempts,
    devices,
    deviceCodes,
    brandTitles,
    ...signingUp,
    phones,
    phoneMessages,
    users,
    addresses,
    socialAccounts: client(directory.SocialAccountServiceDefinition),
    sources: client(providers.SourceSignInServiceDefinition),
    bus,
    mail,
    accountMails,
    siteOf: ({ tenant, client: { scheme, host } }) => ({ scheme, host: linkHost(tenant, host) }),
    notices: createNotices({ mails: accountMails }),
    resets,
    defaults,
    issue: lockout.knowing(sessions.forFlows).issue,
  });
  const rest = createRestAuth({
    ...shared,
    accessKeys: createAccessKeys({ database, outbox, issue: held.tokens.issue, clock }),
    tokens: held.tokens,
    people: held.users,
    backgroundTasks: client(tasks.BackgroundTaskServiceDefinition),
    workers: client(tasks.WorkerServiceDefinition),
  });
  const lacksFactor = async (tenant: string, user: number) =>
    (await shared.settings.read(tenant)).enforce_mfa && !(await devices.has(tenant, user));
  const jobs = [phoneMessages.job, accountMails.job, resets.job, unfinished.job];
  return { services: [...services, ...rest], lacksFactor, jobs };
}
