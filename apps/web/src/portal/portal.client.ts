import { isWire, listOf, numberOf, optionalText, textOf, type Wire, wireOf } from '../executor/wire.codec.ts';

export type Me = {
  readonly pk: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly avatar: string;
  /** Whether the administration is shown to them. What they may do there, the server decides. */
  readonly mayAdminister: boolean;
};

/** Who is signed in; `original` is who really sits there while they act as somebody else. */
export type Person = { readonly me: Me; readonly original?: Me };

export type Application = {
  readonly pk: string;
  readonly name: string;
  readonly description: string;
  readonly publisher: string;
  /** Heading to stand under; empty for none. */
  readonly group: string;
  readonly icon?: string;
  readonly launchUrl?: string;
  readonly newTab: boolean;
};

export type Portal = Person & { readonly applications: readonly Application[] };

export type PortalOutcome = { readonly portal: Portal } | { readonly failure: 'signed-out' | 'network' | 'server' };

type PortalClientDeps = { readonly fetch: typeof globalThis.fetch };

/** Applications are read in pages of 100, and to this many pages. */
const MOST_PAGES = 20;

/** What the landing page shows: who is signed in, and the applications they may use. */
export function createPortalClient({ fetch }: PortalClientDeps) {
  const get = (path: string) =>
    fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin' }).catch(() => undefined);
  const getPage = (page: number) => get(`/api/v3/core/applications/?ordering=name&page_size=100&page=${page}`);

  return {
    load: async (): Promise<PortalOutcome> => {
      const [me, first] = await Promise.all([get('/api/v3/core/users/me/'), getPage(1)]);
      if (me?.status === 401 || me?.status === 403) return { failure: 'signed-out' };
      const applications: Application[] = [];
      for (let answer = first, pages = 1; ; pages += 1) {
        if (!me || !answer) return { failure: 'network' };
        if (!me.ok || !answer.ok) return { failure: 'server' };
        const list = wireOf(await answer.json());
        applications.push(...listOf(list, 'results', decodeApplication));
        const next = numberOf(wireOf(list.pagination), 'next');
        if (next === 0 || pages === MOST_PAGES) break;
        answer = await getPage(next);
      }
      return { portal: { ...decodePerson(await me.json()), applications: applications.filter(isShown) } };
    },
  };
}

/** An administrator hides an application by the address `blank://blank`. */
function isShown({ launchUrl = '' }: Application): boolean {
  return !launchUrl.startsWith('blank://');
}

/** Reads the answer of `/core/users/me/`. */
export function decodePerson(body: unknown): Person {
  const { user, original } = wireOf(body);
  return { me: decodeMe(wireOf(user)), ...(isWire(original) && { original: decodeMe(original) }) };
}

export function decodeMe(user: Wire): Me {
  return {
    pk: numberOf(user, 'pk'),
    username: textOf(user, 'username'),
    name: textOf(user, 'name'),
    email: textOf(user, 'email'),
    avatar: textOf(user, 'avatar'),
    mayAdminister: user.is_superuser === true || namesIn(user.system_permissions).includes('access_admin_interface'),
  };
}

function namesIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function decodeApplication(value: unknown): Application {
  const wire = wireOf(value);
  return {
    pk: textOf(wire, 'pk'),
    name: textOf(wire, 'name'),
    description: textOf(wire, 'meta_description'),
    publisher: textOf(wire, 'meta_publisher'),
    group: textOf(wire, 'group'),
    icon: optionalText(wire, 'meta_icon'),
    launchUrl: optionalText(wire, 'launch_url'),
    newTab: wire.open_in_new_tab === true,
  };
}
