import { formatAddress, loadConfig } from '@postern/config';
import { gatewayConfig } from '@postern/gateway';
import { type ProcessOptions, serviceSettings } from '@postern/service';

/**
 * What a person at the terminal is told once everything serves: where to sign in, or where to choose the first password.
 *
 * @param path of the set-up, while it is open
 */
export function welcome(options: ProcessOptions, path?: string): string {
  const origin = originOf(options);
  const next =
    path === undefined ? `Sign in at ${origin}/` : `Choose the administrator's password at\n  ${origin}${path}`;
  return `\n  Postern is ready. ${next}\n\n`;
}

/** Where a browser on this machine finds the gateway. */
function originOf({ env, manifests, settings = [] }: ProcessOptions): string {
  const known = [serviceSettings, ...settings, ...manifests.map((each) => each.settings)];
  const { host, port } = loadConfig(gatewayConfig, { env, known }).listen.http;
  const isAny = host === '0.0.0.0' || host === '::';
  return `http://${formatAddress({ host: isAny ? 'localhost' : host, port })}`;
}
