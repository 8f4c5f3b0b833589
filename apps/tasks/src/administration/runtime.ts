import { existsSync, readFileSync } from 'node:fs';
import { hostname, machine, release, type, version } from 'node:os';
import type { tasks } from '@postern/proto';

/** The version of Postern: that of the package, as all of them are released together. */
export function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const found = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return String(found);
}

/**
 * What this process runs on, under the contract's names: the version of the language's run time is that of Node.js, the version of the
 * web server is Postern's own.
 *
 * @param environment what the operator calls the kind of installation
 */
export function describeRuntime(environment: string | undefined): tasks.SystemRuntime {
  const [system, kernel, processor] = [type(), release(), machine()];
  return {
    python_version: process.versions.node,
    gunicorn_version: ownVersion(),
    environment: environment ?? detectEnvironment(),
    architecture: processor,
    platform: `${system}-${kernel}-${processor}`,
    uname: [system, hostname(), kernel, version(), processor].join(' '),
  };
}

/** Where a container finds the credentials of its Kubernetes account, and what container engines leave behind. */
const KUBERNETES = '/var/run/secrets/kubernetes.io/serviceaccount';
const CONTAINER = ['/.dockerenv', '/run/.containerenv'];

function detectEnvironment(): string {
  if (existsSync(KUBERNETES)) return 'kubernetes';
  return CONTAINER.some((trace) => existsSync(trace)) ? 'compose' : 'custom';
}
