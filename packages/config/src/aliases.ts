import type { Environment } from './environment.ts';
import { isFreeVariable } from './free-variables.ts';

const PREFIX = 'AUTHENTIK_';

/** Names that differ by more than their prefix. The rest (`LISTEN__HTTP`, `BOOTSTRAP_TOKEN`, `LOG_LEVEL`) differ by the prefix only. */
const RENAMED: Readonly<Record<string, string>> = {
  LISTEN__LISTEN_HTTP: 'POSTERN_LISTEN__HTTP',
  LISTEN__LISTEN_HTTPS: 'POSTERN_LISTEN__HTTPS',
  LISTEN__LISTEN_METRICS: 'POSTERN_LISTEN__METRICS',
  BLUEPRINTS_DIR: 'POSTERN_BLUEPRINTS__DIR',
  LISTEN__TRUSTED_PROXY_CIDRS: 'POSTERN_TRUSTED_PROXIES',
  BOOTSTRAP_PASSWORD: 'POSTERN_BOOTSTRAP_PASSWORD',
  BOOTSTRAP_TOKEN: 'POSTERN_BOOTSTRAP_TOKEN',
  BOOTSTRAP_EMAIL: 'POSTERN_BOOTSTRAP_EMAIL',
};

/** The `POSTERN_*` name that an `AUTHENTIK_*` name stands for. Undefined for other names. */
export function aliasOf(name: string): string | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const rest = name.slice(PREFIX.length);
  return RENAMED[rest] ?? `POSTERN_${rest}`;
}

/** `AUTHENTIK_POSTGRESQL__HOST`, `PORT`, `NAME`, `USER`, `PASSWORD` and `SSLMODE` as one URL. Undefined when no host is given. */
export function databaseUrlOf(read: (name: string) => string | undefined): string | undefined {
  const part = (name: string) => read(`${PREFIX}POSTGRESQL__${name}`);
  const host = part('HOST');
  if (host === undefined) return undefined;
  const url = new URL('postgres://localhost');
  url.host = host.includes(':') ? `[${host}]` : host;
  url.port = part('PORT') ?? '5432';
  url.username = encodeURIComponent(part('USER') ?? 'authentik');
  url.password = encodeURIComponent(part('PASSWORD') ?? '');
  url.pathname = `/${part('NAME') ?? 'authentik'}`;
  const mode = part('SSLMODE');
  if (mode !== undefined) url.searchParams.set('sslmode', mode);
  return url.toString();
}

/** Names of the reference that are set here and that no setting takes up; the process says so once, and goes on. */
export function ignoredAliases(known: ReadonlySet<string>, env: Environment): string[] {
  return Object.keys(env).filter((name) => {
    const alias = aliasOf(name);
    if (alias === undefined || name.startsWith(`${PREFIX}POSTGRESQL__`) || isFreeVariable(name)) return false;
    return !known.has(alias) && !known.has(alias.replace(/_FILE$/, ''));
  });
}
