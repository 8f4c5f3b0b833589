import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { authenticatorExamples, flowInfo } from './authenticator-challenges.ts';
import { examplesOfPeople, grace, type PeopleStore } from './people-examples.ts';

type State = { readonly signedIn: boolean; readonly footerLinks: readonly object[] };
type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly body?: object };

const ok = (body: object): Answer => ({ status: 200, body });
const NOT_FOUND: Answer = { status: 404, body: { detail: 'Not found.' } };
const page = (results: readonly object[]) => ok({ pagination: { next: 0, count: results.length }, results });

/** Speaks what a person's own settings need of the REST API, and runs the flows that they begin. It keeps what is changed. */
export function createPeopleDouble(state: State) {
  const store: PeopleStore = { ...examplesOfPeople(), changes: [], broken: new Map() };

  /** Whether the request was one for it. */
  async function handle(url: URL, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const configured = /^\/flows\/-\/configure\/stage-(\w+)\/$/.exec(url.pathname)?.[1];
    if (configured !== undefined) {
      response.writeHead(302, { location: `/if/flow/set-up-${configured}/${url.search}` }).end();
      return true;
    }
    const { method = 'GET' } = request;
    const body = method === 'GET' || method === 'DELETE' ? {} : (JSON.parse(await peek(url, request)) as Body);
    const answer = answerTo({ url, method, body });
    if (answer === undefined) return false;
    if (method !== 'GET') store.changes.push(`${method} ${url.pathname} ${request.headers['x-authentik-csrf'] ?? '-'}`);
    const cookie = 'authentik_csrf=0123456789abcdef; Path=/; SameSite=Lax';
    response.writeHead(answer.status, { 'content-type': 'application/json', 'set-cookie': cookie });
    response.end(answer.body && JSON.stringify(answer.body));
    return true;
  }

  function answerTo({ url, method, body }: { url: URL; method: string; body: Body }): Answer | undefined {
    const path = url.pathname.replace('/api/v3', '');
    const broken = store.broken.get(path);
    if (broken !== undefined) return { status: broken, body: { detail: 'broken' } };
    const slug = /^\/flows\/executor\/(user-settings|set-up-\w+)\/$/.exec(path)?.[1];
    if (slug !== undefined) return step(store, { slug, answer: method === 'POST' ? body : undefined, url });
    if (path === '/core/brands/current/') return ok({ ...store.brand, ui_footer_links: state.footerLinks });
    if (path === '/core/users/me/') return state.signedIn ? ok(store.me) : { status: 403, body: { detail: 'no' } };
    if (path === '/core/users/impersonate_end/') {
      store.me = { user: store.me.original ?? store.me.user };
      return { status: 204 };
    }
    if (path === '/stages/all/user_settings/') return ok(store.setups);
    if (path === '/sources/all/user_settings/') return store.sources ? ok(store.sources) : NOT_FOUND;
    return devices(store, path, method, body) ?? lists(store, path, method) ?? tokens(store, path, method, body);
  }

  return { store, handle };
}

function devices(store: PeopleStore, path: string, method: string, body: Body): Answer | undefined {
  if (path === '/authenticators/all/') return ok(store.devices);
  const [, app = '', pk = ''] = /^\/authenticators\/(\w+)\/(\d+)\/$/.exec(path) ?? [];
  if (app === '') return undefined;
  const device = store.devices.find((one) => one.type.includes(`_${app}.`) && one.pk === Number(pk));
  if (!device) return NOT_FOUND;
  if (method === 'DELETE') store.devices = store.devices.filter((one) => one !== device);
  else if (body.name === 'forbidden') return { status: 400, body: { name: ['Not this name.'] } };
  else device.name = String(body.name);
  return method === 'DELETE' ? { status: 204 } : ok(device);
}

function lists(store: PeopleStore, path: string, method: string): Answer | undefined {
  const [, list = '', key = ''] = /^\/core\/(authenticated_sessions|user_consent)\/(?:([-\w]+)\/)?$/.exec(path) ?? [];
  if (list === '') return undefined;
  if (method === 'DELETE') {
    store.sessions = store.sessions.filter(({ uuid }) => uuid !== key);
    store.consents = store.consents.filter((consent) => !('pk' in consent && String(consent.pk) === key));
    return { status: 204 };
  }
  return page(list === 'user_consent' ? store.consents : store.sessions);
}

function tokens(store: PeopleStore, path: string, method: string, body: Body): Answer | undefined {
  const [, identifier, view] = /^\/core\/tokens\/(?:([-\w]+)\/(view_key\/)?)?$/.exec(path) ?? [];
  if (!path.startsWith('/core/tokens/')) return undefined;
  if (view) return ok({ key: `key-of-${identifier}` });
  if (method === 'DELETE') store.tokens = store.tokens.filter((token) => token.identifier !== identifier);
  if (method === 'DELETE') return { status: 204 };
  if (method !== 'POST') return page(store.tokens);
  if (store.tokens.some((token) => token.identifier === body.identifier))
    return { status: 400, body: { identifier: ['token with this identifier already exists.'] } };
  const token = { ...body, identifier: String(body.identifier) };
  store.tokens = [...store.tokens, token];
  return { status: 201, body: token };
}

/** A flow of one step; `set-up-static` has the codes, the others what their example asks. */
function step(store: PeopleStore, { slug, answer, url }: { slug: string; answer?: Body; url: URL }): Answer {
  const challenge = slug === 'user-settings' ? profile(store) : (STEPS[slug] ?? password);
  if (answer === undefined) return ok(challenge);
  const error = (string: string) =>
    ok({ ...challenge, response_errors: { non_field_errors: [{ string, code: 'invalid' }] } });
  if (answer.username === grace.username) {
    const errors = { username: [{ string: 'Username is already taken.', code: 'invalid' }] };
    return ok({ ...challenge, response_errors: errors });
  }
  if (slug === 'user-settings') store.me = { user: { ...store.me.user, ...named(answer) } };
  else if (slug === 'set-up-password' && answer.password !== answer.password_repeat)
    return error("Passwords don't match.");
  const next = new URLSearchParams(url.searchParams.get('query') ?? '').get('next') ?? '/';
  return ok({ type: 'redirect', component: 'xak-flow-redirect', to: next });
}

/** The body, if the request is one of ours: nobody else can read it then. */
async function peek({ pathname }: URL, request: IncomingMessage): Promise<string> {
  const isOurs = /^\/api\/v3\/(core|authenticators|flows\/executor\/(user-settings|set-up-))/.test(pathname);
  return (isOurs && (await text(request))) || '{}';
}

const named = ({ username, name, email }: Body) => ({
  username: String(username),
  name: String(name),
  email: String(email),
});

const field = (order: number, field_key: string, type: string, label: string, initial_value = '') => ({
  field_key,
  label,
  type,
  required: true,
  placeholder: label,
  initial_value,
  order,
  sub_text: '',
  choices: null,
});

const profile = ({ me: { user } }: PeopleStore) => ({
  type: 'native',
  ...flowInfo('Update your info'),
  component: 'ak-stage-prompt',
  fields: [
    field(1, 'username', 'username', 'Username', user.username),
    field(2, 'name', 'text', 'Name', user.name),
    field(3, 'email', 'email', 'Email', user.email),
  ],
});

const password = {
  type: 'native',
  ...flowInfo('Change password'),
  component: 'ak-stage-prompt',
  fields: [field(1, 'password', 'password', 'Password'), field(2, 'password_repeat', 'password', 'Password (repeat)')],
};

const STEPS: Readonly<Record<string, object | undefined>> = {
  'set-up-static': authenticatorExamples.static,
  'set-up-totp': authenticatorExamples.totp,
  'set-up-duo': {
    type: 'native',
    ...flowInfo('Are you a program?'),
    component: 'ak-stage-captcha',
    site_key: 'x',
    js_url: 'https://captcha.example/api.js',
  },
};
