import { type Environment, formatAddress, loadConfig } from '@postern/config';
import { gatewayConfig } from '@postern/gateway';
import { type ProcessOptions, runMain, serviceSettings } from '@postern/service';
import { type Prepared, prepare } from './prepare.ts';
import { greet } from './welcome.ts';

/** Runs every app in this process until it is told to stop; the database that it started stops last. */
export async function runEverything(env: Environment): Promise<void> {
  let prepared: Prepared | undefined;
  const start = async () => {
    prepared = await prepare({ env });
    return prepared.options;
  };
  await runMain(start, {
    ready: (running) => void (prepared && greet(running, originOf(prepared.options))),
    closed: async () => prepared?.close(),
  });
}

/** Where a browser on this machine finds the gateway. */
function originOf({ env, manifests, settings = [] }: ProcessOptions): string {
  const known = [serviceSettings, ...settings, ...manifests.map((each) => each.settings)];
  const { host, port } = loadConfig(gatewayConfig, { env, known }).listen.http;
  const isAny = host === '0.0.0.0' || host === '::';
  return `http://${formatAddress({ host: isAny ? 'localhost' : host, port })}`;
}
