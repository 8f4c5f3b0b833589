/** Wiring of what people hold: accounts, passwords, tokens, sessions. */

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigOf } from '@postern/config';
import { patientDatabase } from '@postern/database';
import { createGeo } from '@postern/geo';
import { directory, providers } from '@postern/proto';
import type { Neighbours } from '@postern/resource';
import { asService, type Call } from '@postern/rpc';
import type { StoringDeps } from '@postern/service';
import { v7 } from 'uuid';
import { accountsIn, createAccountFinder, createRightsGuard, createStatusGate, createUsers } from './accounts/index.ts';
import { createAppTokens } from './app-tokens/index.ts';
import type { authSettings } from './config.ts';
import { createConsentService } from './consents/index.ts';
import { createDeviceCodes, createDeviceStore } from './devices/index.ts';
import { flowContext } from './flows/index.ts';
import { createHeadlessSettings, declaredSettings, sessionOfCookie, sessionOfSecret } from './headless/index.ts';
import { createLockout, createUsualTime } from './lockout/index.ts';
import { createHashQueue, createPasswordHasher, createPasswords } from './passwords/index.ts';
import { createResolver } from './principals/index.ts';
import { createSessions } from './sessions/index.ts';
import { createTokens } from './tokens/index.ts';

/** What the login service is built from. */
export type AuthDeps = StoringDeps<ConfigOf<typeof authSettings>>;

/** What people hold, wired. */
export type Credentials = ReturnType<typeof createCredentials>;

/** Creates what proves who somebody is. */
export function createCredentials(
  { database, messaging, client, secrets, clock, config, contract, metrics, log }: AuthDeps,
  neighbours: Neighbours,
) {
  const { outbox } = messaging;
  const userDirectory = client(directory.UserDirectoryServiceDefinition);
  const gate = createStatusGate({ userDirectory });
  const accounts = createAccountFinder({ userDirectory, gate });
  const findKept = (pk: number, call: Call) => database.read(call.context, (em) => accountsIn(em).find(pk));
  const users = createUsers({ userDirectory, findKept });
  const rights = createRightsGuard({ userDirectory });
  const tokens = createTokens({ database, outbox, clock, secrets, users, rights, neighbours });
  const applications = client(providers.ApplicationDirectoryServiceDefinition);
  const consents = createConsentService({ database, outbox, clock, users, applications, neighbours });
  const geo = createGeo({ file: config.geoip.city, clock, log });
  const { cookieDomain } = config;
  const { readSettings } = client(directory.TenantSettingsServiceDefinition);
  const sessions = createSessions({
    database,
    outbox,
    gate,
    rights,
    clock,
    ids: () => v7(),
    secrets,
    cookieDomain,
    neighbours,
    geo,
    mayImpersonate: async (tenant) => (await readSettings({}, asService(tenant))).impersonation,
  });
  // Those who try one name, or come from one address, wait for the same rows: they leave connections to others.
  const counting = patientDatabase(database, 0.3);
  const hasher = createPasswordHasher({ queue: createHashQueue(queueSize(config)), cost: config.passwords });
  const lockout = createLockout({
    database: counting,
    settings: config.lockout,
    secrets,
    cookieDomain,
    clock,
    metrics,
  });
  const passwords = createPasswords({
    attempts: lockout.attempts,
    usualTime: createUsualTime({ now: () => performance.now(), sleep, random: Math.random }),
    database: counting,
    outbox,
    hasher,
    findAppPassword: tokens.findAppPassword,
    endSessions: (em, user, { except }, context) => sessions.end(em, { user, except }, 'password_set', context),
  });
  const accessTokens = client(providers.AccessTokenServiceDefinition);
  const settings = createHeadlessSettings(database, declaredSettings(contract.registry));
  const ownerOf = async (tenant: string, session: string) => (await sessions.find(tenant, session))?.session.user;
  const appTokens = createAppTokens({ database, clock, settings, ownerOf });
  const appSessions = { bySecret: sessionOfSecret, byCookie: sessionOfCookie, byToken: appTokens.sessionOf };
  const deviceCodes = createDeviceCodes(secrets);
  const devices = createDeviceStore({
    database,
    outbox,
    codes: deviceCodes,
    clock: () => clock.now(),
    contextOf: flowContext,
  });
  const proofs = { passwords, devices, appSessions, accessTokens };
  const resolver = createResolver({ tokens, sessions, gate, accounts, ...proofs });
  const people = { users, userDirectory, gate, rights, accounts };
  return {
    ...people,
    devices,
    deviceCodes,
    tokens,
    appTokens,
    consents,
    sessions,
    hasher,
    passwords,
    resolver,
    lockout,
    geo,
  };
}

function queueSize({ passwords: { concurrency, queue } }: ConfigOf<typeof authSettings>) {
  return { concurrency: concurrency || availableParallelism(), limit: queue };
}
