import { formatAddress, loadConfig } from '@postern/config';
import { gatewayConfig } from '@postern/gateway';
import { type ProcessOptions, serviceSettings } from '@postern/service';

/** What a person at the terminal is told once everything serves. */
export function welcome(options: ProcessOptions): string {
  return `\n  Postern is ready. Sign in at ${originOf(options)}/\n\n`;
}

/** Where a browser on this machine finds the gateway. */
function originOf({ env, manifests, settings = [] }: ProcessOptions): string {
  const known = [serviceSettings, ...settings, ...manifests.map((each) => each.settings)];
  const { host, port } = loadConfig(gatewayConfig, { env, known }).listen.http;
  const isAny = host === '0.0.0.0' || host === '::';
  return `http://${formatAddress({ host: isAny ? 'localhost' : host, port })}`;
}
