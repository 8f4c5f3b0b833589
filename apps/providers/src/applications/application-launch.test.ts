import { createLogger } from '@postern/observability';
import { providers as api } from '@postern/proto';
import { createClient, createRpcServer, createSealer, noClient, type Principal, type ReceivedHead } from '@postern/rpc';
import { expect, it } from 'vitest';
import { aProvider, FLOW, servedProviders } from '../testing/served-providers.ts';
import { type ApplicationLaunchDeps, createApplicationLaunchRpc } from './application-launch.rpc.ts';

const app = await servedProviders();
const asked: object[] = [];
const flows: ApplicationLaunchDeps['flows'] = {
  startFlow: async (request) => {
    asked.push(request);
    return { redirect: '/if/flow/sign-in/' };
  },
};
const sealer = createSealer('a secret for tests, long enough to derive keys from');
const services = [createApplicationLaunchRpc({ db: app.db, flows })];
const server = createRpcServer({ services, sealer, log: createLogger({ level: 'silent' }) });
const client = createClient(api.ApplicationLaunchServiceDefinition, server.channel(), { sealer, service: 'gateway' });

/** Where a browser is sent that opens an application. */
async function launch(principal: Principal, slug: string): Promise<string | undefined> {
  const heads: ReceivedHead[] = [];
  const tokens = {
    principal: sealer.sealPrincipal(principal),
    client: sealer.sealClient(noClient(principal.tenant, 'request')),
  };
  await client.launchApplication({ slug }, { context: tokens }, { onHead: (head) => void heads.push(head) });
  return heads[0]?.headers.find(([name]) => name === 'location')?.[1];
}

const own = app.tenant();
const nobody: Principal = { kind: 'anonymous', tenant: own, session: 's' };
const user = { pk: 1, uuid: FLOW, username: 'ada', name: 'Ada', email: '', type: 'internal' } as const;
const ada: Principal = {
  kind: 'user',
  tenant: own,
  user,
  superuser: false,
  permissions: [],
  via: 'session',
  session: 's',
};
const create = (application: Partial<api.Application>) =>
  app.applications.createApplication({ application: { policy_engine_mode: 'any', ...application } }, app.as(own));

it('opens nothing that is unknown, has no address, or is not shown', async () => {
  await create({ name: 'Bare', slug: 'bare' });
  await create({ name: 'Blank', slug: 'blank', meta_launch_url: 'blank://blank' });
  for (const slug of ['unknown', 'bare', 'blank']) {
    for (const who of [nobody, ada]) await expect(launch(who, slug)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  expect(asked).toEqual([]);
});

it('sends whoever is signed in to the address, and whoever is not to the sign-in first', async () => {
  await create({ name: 'Wiki', slug: 'wiki', meta_launch_url: 'https://wiki.example/%(username)s' });
  expect(await launch(ada, 'wiki')).toBe('https://wiki.example/ada');
  expect(await launch(nobody, 'wiki')).toBe('/if/flow/sign-in/');
  expect(asked.at(-1)).toMatchObject({
    designation: 'authentication',
    session: 's',
    context: { application: { name: 'Wiki', slug: 'wiki' }, consent_header: "You're about to sign into Wiki." },
    next: '/application/launch/wiki/',
  });
});

it('signs in by the flow of the provider, where it names one', async () => {
  const provider = aProvider({ authentication_flow: FLOW });
  const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: provider }, app.as(own));
  await create({ name: 'Web', slug: 'web', provider: pk, meta_launch_url: 'https://web.example/' });
  await launch(nobody, 'web');
  expect(asked.at(-1)).toMatchObject({ pk: FLOW });
});
