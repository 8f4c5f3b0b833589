import { type Environment, environment, unknownVariables } from '@postern/config';
import { type AppManifest, type MainHooks, type ProcessOptions, runMain, serviceSettings } from '@postern/service';
import { CONFIGURATION_USAGE, isConfigurationCommand, runConfiguration } from './configuration.command.ts';
import { isRole, loadRole, ROLES, type Role } from './roles.ts';
import { standaloneSettings } from './standalone.settings.ts';

const USAGE = `Usage: postern [${ROLES.join(' | ')}]
       postern test-mail <address>
${CONFIGURATION_USAGE}
Without a role, everything runs in this process; with one, that service alone. Settings are environment variables: see docs/settings.md.
Commands for the configuration speak to a running installation: POSTERN_URL (http://127.0.0.1:9000), POSTERN_TOKEN, POSTERN_PASSPHRASE; see docs/blueprints.md.
`;

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** Runs the command with its arguments, until it is told to stop. */
export async function runCommand(args: readonly string[], env: Environment = environment()): Promise<void> {
  const [role, ...rest] = args;
  // A service that runs alone loads neither the other apps nor what supervises a database.
  if (role === undefined) return (await import('./everything.ts')).runEverything(env);
  if (isRole(role) && rest.length === 0) return runMain(() => optionsOf(role, env), { ready: hookOf(role) });
  if (isConfigurationCommand(role)) {
    process.exitCode = await runConfiguration(role, rest, env);
    return;
  }
  const [address = ''] = rest;
  if (role === 'test-mail' && rest.length === 1 && ADDRESS.test(address))
    return (await import('./test-mail.ts')).testMail(address, env);
  const isQuestion = role === '--help' || role === '-h' || role === 'help';
  (isQuestion ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = isQuestion ? 0 : 2;
}

/** The login service knows the set-up link but for the gateway's address. */
function hookOf(role: Role): MainHooks['ready'] {
  if (role !== 'auth') return undefined;
  return (running) => void import('./welcome.ts').then(({ greet }) => greet(running));
}

async function optionsOf(role: Role, env: Environment): Promise<ProcessOptions> {
  const manifest = await loadRole(role);
  const settings = [standaloneSettings];
  const isShared = unknownVariables([serviceSettings, manifest.settings, ...settings], env).length > 0;
  return { manifests: [manifest], elsewhere: isShared ? await othersThan(role) : [], settings, env };
}

/** One environment may serve all roles: the others are loaded only where it holds a name that this one does not know. */
function othersThan(role: Role): Promise<AppManifest[]> {
  return Promise.all(ROLES.filter((each) => each !== role).map(loadRole));
}
