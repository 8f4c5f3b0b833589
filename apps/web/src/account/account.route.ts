/** The addresses of these pages, below `/account`. */
const PATHS = {
  home: '',
  login: 'login',
  'code-request': 'login/code',
  'code-confirm': 'login/code/confirm',
  logout: 'logout',
  signup: 'signup',
  'signup-by-passkey': 'signup/passkey',
  'signup-passkey': 'signup/passkey/create',
  'verify-email': 'verify-email',
  'verify-phone': 'verify-phone',
  'second-factor': '2fa/authenticate',
  trust: '2fa/trust',
  reauthenticate: 'reauthenticate',
  'reset-request': 'password/reset',
  'reset-confirm': 'password/reset/confirm',
  'provider-callback': 'provider/callback',
  'provider-signup': 'provider/signup',
  'unknown-step': 'unknown-step',
  email: 'email',
  phone: 'phone',
  password: 'password/change',
  authenticators: '2fa',
  sessions: 'sessions',
  providers: 'providers',
} as const;

/** A page by its name. */
export type PageName = keyof typeof PATHS;

/** Pages for whoever is signed in, in the order of the menu. */
export const SECTIONS = ['email', 'phone', 'password', 'authenticators', 'providers', 'sessions'] as const;

export type SectionName = (typeof SECTIONS)[number];

/** What an address shows. `key` is what a mail brought. */
export type Route =
  | { readonly page: PageName | 'not-found' }
  | { readonly page: 'verify-email-key' | 'reset-key'; readonly key: string };

/** Pages that nobody needs who is signed in. */
const OUTSIDE: ReadonlySet<string> = new Set([
  'login',
  'code-request',
  'code-confirm',
  'signup',
  'signup-by-passkey',
  'second-factor',
  'trust',
]);

/** The address of a page. */
export function hrefOf(page: PageName): string {
  return `/account/${PATHS[page]}`;
}

/** What a path shows. A slash at its end makes no difference. */
export function parseRoute(path: string): Route {
  const inside = path.replace(/^\/account\/?/, '').replace(/\/+$/, '');
  const keyed = /^(verify-email|password\/reset\/key)\/([^/]+)$/.exec(inside);
  if (keyed) return { page: keyed[1] === 'verify-email' ? 'verify-email-key' : 'reset-key', key: decoded(keyed[2]) };
  const found = Object.entries(PATHS).find(([, place]) => place === inside)?.[0];
  return { page: isPage(found) ? found : 'not-found' };
}

export function isSection(page: string): page is SectionName {
  return SECTIONS.some((section) => section === page);
}

/** Where somebody is sent who cannot use a page: to sign in, or home; undefined where they can. */
export function detourOf({ page }: Route, isSignedIn: boolean, here: string, next?: string): string | undefined {
  const needsSomebody = page === 'home' || page === 'reauthenticate' || isSection(page);
  if (needsSomebody && !isSignedIn) return withNext(hrefOf('login'), here);
  if (page === 'home') return hrefOf('email');
  return isSignedIn && OUTSIDE.has(page) ? (next ?? hrefOf('home')) : undefined;
}

/** Where a query says to go on, when that is a page of this host. */
export function nextIn(search: string, origin: string): string | undefined {
  const next = new URLSearchParams(search).get('next') ?? '';
  if (next === '' || !URL.canParse(next, origin)) return undefined;
  const url = new URL(next, origin);
  return url.origin === origin ? `${url.pathname}${url.search}${url.hash}`.replace(/^\/+/, '/') : undefined;
}

/** The same address, which knows where to go on afterwards. */
export function withNext(href: string, next: string | undefined): string {
  return next === undefined ? href : `${href}?next=${encodeURIComponent(next)}`;
}

function isPage(name: string | undefined): name is PageName {
  return name !== undefined && Object.hasOwn(PATHS, name);
}

function decoded(text = ''): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
