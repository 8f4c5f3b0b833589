import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { consent, examples, identification, password } from './challenges.ts';
import { judges, type Memory } from './judges.ts';
import { createPeopleDouble } from './people-double.ts';
import { type PageSettings, servePage, serveStatic } from './static-double.ts';
import { createWebauthnDouble } from './webauthn-double.ts';

type Posted = { readonly component: string; readonly body: Record<string, unknown>; readonly csrf?: string };

/**
 * Speaks the protocol of the flow executor, for the pages alone: 200 with a challenge for everything, 302 to itself
 * after a passed stage, `response_errors` for a refused answer. `sign-in` is a whole journey; `show-<name>` shows one
 * example, and judges answers to it as the executor does. What the real one does with it all is tested from end to end elsewhere. `dist` is where the built pages are.
 */
export async function startExecutorDouble(dist: string) {
  const posted: Posted[] = [];
  const settings: PageSettings = { theme: 'automatic', locale: 'en' };
  const state = { step: 0, down: false, signedIn: true, footerLinks: [] as object[] };
  const memory: Memory = {
    webauthn: createWebauthnDouble(),
    texts: [],
    mails: 0,
    duo: 'waiting',
    offers: 0,
    offerLasts: 60_000,
  };
  const people = createPeopleDouble(state);
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (await people.handle(url, request, response)) return;
    const slug = /^\/api\/v3\/flows\/executor\/([-\w]+)\/$/.exec(url.pathname)?.[1];
    if (slug !== undefined && state.down) return void response.destroy();
    if (slug !== undefined) return execute(slug, request, response);
    if (url.pathname.startsWith('/flows/-/passkey/')) return offer(response);
    if (url.pathname.endsWith('/enrollment_status/')) return json(response, { duo_response: memory.duo });
    if (url.pathname.endsWith('/redeem_token/')) return redeem(request, response);
    if (url.pathname.startsWith('/api/v3/core/')) return portal(url, response, state);
    if (url.pathname === '/acs') return void response.end(`<p id="posted">${await text(request)}</p>`);
    if (url.pathname.startsWith('/if/')) return servePage(response, dist, settings);
    if (url.pathname.startsWith('/static/')) return serveStatic(url.pathname, dist, response);
    response.setHeader('content-type', 'text/html').end(`<title>arrived</title><h1>Arrived at ${url.pathname}</h1>`);
  }

  async function execute(slug: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const example = examples[slug.replace('show-', '')];
    if (slug !== 'sign-in' && !example) return void response.writeHead(404).end('{"detail":"Not found."}');
    if (request.method !== 'POST') return json(response, example ? current(example) : (journey[state.step] ?? DONE));
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    posted.push({ component: String(body.component), body, csrf: request.headers['x-authentik-csrf']?.toString() });
    if (example) return judge(example, body, `http://${request.headers.host}`, response);
    const refused = refusal(state.step, body);
    if (refused) return json(response, refused);
    state.step += 1;
    response.writeHead(302, { location: request.url }).end();
  }

  function offer(response: ServerResponse): void {
    memory.offers += 1;
    json(response, { options: { ...memory.webauthn.requestOptions(), timeout: memory.offerLasts } });
  }

  /** An example with what changes from one look to the next. */
  function current(example: object): object {
    const { component, device_challenges: devices } = example as Partial<Record<string, unknown>>;
    if (component === 'ak-stage-authenticator-webauthn') {
      return { ...example, registration: memory.webauthn.registrationOptions() };
    }
    if (!Array.isArray(devices)) return example;
    const asked = devices.map((device: { device_class: string }) =>
      device.device_class === 'webauthn' ? { ...device, challenge: memory.webauthn.requestOptions() } : device,
    );
    return { ...example, device_challenges: asked };
  }

  function judge(example: object, body: Record<string, unknown>, origin: string, response: ServerResponse): void {
    const { component } = example as { component: string };
    const verdict = judges[component]?.({ body, memory, origin });
    const refused = verdict && { ...current(example), ...verdict.changes, response_errors: verdict.errors };
    json(response, refused ?? DONE);
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    posted,
    settings,
    state,
    memory,
    people: people.store,
    stop: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

const DONE = { type: 'redirect', component: 'xak-flow-redirect', to: '/done' };

const journey = [identification, password, consent];

function refusal(step: number, body: Record<string, unknown>): object | undefined {
  if (step !== 1 || body.password === 'correct horse') return undefined;
  return { ...password, response_errors: { password: [{ string: 'Invalid password', code: 'invalid' }] } };
}

async function redeem(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { plex_token: token } = JSON.parse(await text(request)) as { plex_token?: string };
  if (token !== 'plex-token') return void response.writeHead(403).end('{"detail":"Access denied."}');
  json(response, DONE);
}

function json(response: ServerResponse, body: object): void {
  const cookie = `authentik_csrf=${randomBytes(8).toString('hex')}; Path=/; SameSite=Lax`;
  response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': cookie }).end(JSON.stringify(body));
}

function portal({ searchParams }: URL, response: ServerResponse, state: { signedIn: boolean }): void {
  if (!state.signedIn) return void response.writeHead(403).end('{"detail":"no"}');
  const application = (name: string, description: string, more: object = {}) => ({
    pk: name,
    slug: name.toLowerCase(),
    name,
    group: '',
    launch_url: `https://${name.toLowerCase()}.example.com/`,
    open_in_new_tab: false,
    meta_icon: null,
    meta_description: description,
    meta_publisher: '',
    ...more,
  });
  const results = [
    application('Calendar', 'Meetings and rooms', { group: 'Everyday' }),
    application('Dashboards', 'Graphs and alerts', { open_in_new_tab: true, group: 'Everyday' }),
    application('Payroll', 'Payslips and holidays'),
    application('Wiki', 'What we know'),
    application('Backup', 'Runs by itself', { launch_url: null }),
  ];
  const slug = searchParams.get('slug');
  const found = results.filter((result) => slug === null || result.slug === slug);
  json(response, { pagination: {}, results: found });
}
