import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '@postern/testkit';

/** Apache with mod_auth_openidc, as Debian has them, in front of a page that shows who looks at it. */
export type Apache = {
  /** Origin, without a slash at its end. */
  readonly url: string;
  /** Where the module takes answers, and everything else that is told it. */
  readonly redirectUri: string;
  /** The page behind the module. */
  readonly page: string;
  /** A page for everybody. */
  readonly goodbye: string;
  stop(): Promise<void>;
};

/** The client that the module is. */
export type ApacheClient = { readonly issuer: string; readonly id: string; readonly secret: string };

const SERVER = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';
const START_MS = 10_000;
/** Nobody, and their group: a server that root starts would keep root for itself. */
const NOBODY = 65_534;

/** Whether Apache and its module can be run here. */
export function hasApache(): boolean {
  return existsSync(SERVER) && existsSync(join(MODULES, 'mod_auth_openidc.so'));
}

/** A port for Apache: its address has to be known before the client is. */
export async function anApacheAddress(): Promise<{ port: number; url: string; redirectUri: string }> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  return { port, url, redirectUri: `${url}/private/answer` };
}

/** Starts Apache in a folder of its own, as nobody in particular. Resolves when it serves. */
export async function startApache(port: number, client: ApacheClient): Promise<Apache> {
  const home = await mkdtemp(join(tmpdir(), 'postern-apache-'));
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(home, 'www', 'private'), { recursive: true });
  await writeFile(join(home, 'www', 'private', 'index.shtml'), PAGE);
  await writeFile(join(home, 'www', 'goodbye.html'), '<h1>Goodbye</h1>');
  await writeFile(join(home, 'apache.conf'), configurationOf(home, port, client));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const path of ['', 'www', 'www/private']) await chown(join(home, path), NOBODY, NOBODY);
  const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const flags = ['-f', join(home, 'apache.conf'), '-DFOREGROUND'];
  const server = spawn(SERVER, flags, { stdio: ['ignore', 'ignore', 'inherit'], ...identity });
  const forget = () => void server.kill('SIGKILL');
  process.once('exit', forget);

  async function stop(): Promise<void> {
    process.removeListener('exit', forget);
    await end(server);
    await rm(home, { recursive: true, force: true });
  }
  await untilServed(server, `${url}/goodbye.html`, join(home, 'error.log')).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, redirectUri: `${url}/private/answer`, page: `${url}/private/`, goodbye: `${url}/goodbye.html`, stop };
}

async function untilServed(server: ChildProcess, address: string, log: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  const isServed = () =>
    fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isServed())) {
    if (server.exitCode !== null || Date.now() > deadline)
      throw new Error(`Apache did not start: ${await readFile(log, 'utf8').catch(() => 'no log')}`);
    await sleep(20);
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** What the module tells the page. */
const SHOWN = [
  'OIDC_CLAIM_sub',
  'OIDC_CLAIM_email',
  'OIDC_CLAIM_preferred_username',
  'OIDC_CLAIM_groups',
  'OIDC_access_token',
];
const PAGE = `<!doctype html><h1>Private</h1>
<p id="REMOTE_USER"><!--#echo encoding="none" var="REMOTE_USER" --></p>
${SHOWN.map((name) => `<p id="${name}"><!--#echo encoding="none" var="${name}" --></p>`).join('\n')}
`;

const LOADED = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'auth_openidc',
  'dir',
  'mime',
  'filter',
  'include',
];

function configurationOf(home: string, port: number, { issuer, id, secret }: ApacheClient): string {
  return `
ServerRoot ${home}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${home}/apache.pid
DefaultRuntimeDir ${home}
ErrorLog ${home}/error.log
LogLevel warn auth_openidc:info
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
Mutex file:${home}
TypesConfig /dev/null
AddType text/html .html .shtml
AddOutputFilter INCLUDES .shtml
DirectoryIndex index.shtml
DocumentRoot ${home}/www
StartServers 1
OIDCProviderMetadataURL ${issuer}.well-known/openid-configuration
OIDCClientID ${id}
OIDCClientSecret ${secret}
OIDCRedirectURI http://127.0.0.1:${port}/private/answer
OIDCCryptoPassphrase ${crypto.randomUUID()}
OIDCScope "openid email profile"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username
OIDCPassClaimsAs environment
OIDCSessionType server-cache
OIDCCookiePath /
<Directory ${home}/www>
  Options +Includes
  Require all granted
</Directory>
<Location /private>
  AuthType openid-connect
  Require valid-user
</Location>
`;
}
