/** What tests need to run the real thing. */

export { launchBrowser } from './browser.ts';
export { type BundledEntry, bundledBlueprint, bundledEntries, Find, KeyOf } from './bundled-blueprints.ts';
export { createAuthority } from './certificate-authority.ts';
export { copyInstallation } from './copy-installation.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export { mmdbOf } from './mmdb.ts';
export { hasNatsServer, type NatsServer, startNats } from './nats.ts';
export { freePorts } from './ports.ts';
export { type PostgresProcess, startPostgresProcess } from './postgres.process.ts';
export { type RoleName, type Roles, type RolesOptions, SERVICE_ROLES, startRoles } from './processes.ts';
export { type RoleProcess, roleProcess } from './role.process.ts';
export {
  type ReceivedMail,
  type SmtpRefusal,
  type SmtpSink,
  type SmtpSinkOptions,
  startSmtpSink,
} from './smtp-sink.ts';
export {
  type CeremonyOptions,
  createSoftwareAuthenticator,
  type Deviation,
  type SoftwareAuthenticator,
} from './software-authenticator.ts';
export { aTenant } from './tenants.ts';
export { TEST_SECRET, type TestDatabase, type TestDatabaseOptions, testDatabase } from './test-database.ts';
