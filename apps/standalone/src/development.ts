import { type ConfigSchema, defineConfig, type Environment, loadConfig } from '@postern/config';
import { gatewayConfig, httpsAddress } from '@postern/gateway';
import { emailSettings } from '@postern/tasks';

const INBOX = 'POSTERN_EMAIL__DEV_INBOX';
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

const mailSettings = defineConfig({ email: emailSettings });

/**
 * Turns the inbox of development on where nobody but this machine can be a reader: no mail server, the gateway on a loopback address, no
 * proxy before it. What the environment says itself counts.
 */
export function withInbox(env: Environment, known: readonly ConfigSchema[]): Environment {
  const isSaid = [INBOX, INBOX.replace('POSTERN', 'AUTHENTIK')].some((name) => env[name] !== undefined);
  if (isSaid || loadConfig(mailSettings, { env, known }).email.host) return env;
  const { listen, trustedProxies } = loadConfig(gatewayConfig, { env, known });
  const hosts = [listen.http, httpsAddress(listen)].flatMap((place) => (place ? [place.host] : []));
  const isLocal = hosts.every((host) => LOOPBACK.test(host)) && trustedProxies.length === 0;
  return isLocal ? { ...env, [INBOX]: 'true' } : env;
}
