import type { EventBus } from '@postern/messaging';
import type { providers } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { JsonObject } from '../../plans/index.ts';
import type { Visit } from '../headless.visit.ts';
import { pendingSignup } from './social.state.ts';

/** A source by which people sign in. */
export type Provider = providers.SignInSource;

/** The identity providers of a tenant: its sources. */
export type ProviderList = {
  /** All of them, in the order in which they were made; those that are not in use, too. */
  all(tenant: string): Promise<readonly Provider[]>;
  /** One that people can sign in by. */
  find(tenant: string, slug: string): Promise<Provider | undefined>;
  /** How answers show one. */
  entry(provider: Provider): JsonObject;
  /** Those that the client can use, by name: for its configuration. */
  providersOf(visit: Pick<Visit, 'tenant' | 'kind'>): Promise<readonly JsonObject[]>;
  /** The flows that lead to them, and the sign-up that waits. */
  flowsOf(visit: Visit): Promise<readonly JsonObject[]>;
};

/** What the list needs. */
export type ProviderListDeps = {
  readonly sources: Pick<Client<providers.SourceSignInServiceDefinition>, 'listSignInSources'>;
  readonly bus: Pick<EventBus, 'tail' | 'onGap'>;
  readonly clock: { now(): Date };
};

/** How long a list is believed when no news comes through, in milliseconds. Who is sent to a provider, or comes by it, is asked about again anyway. */
const FRESH_MS = 5_000;
const CAPACITY = 10_000;

/** Creates the list. Sources are remembered, until there are news of them. */
export function createProviderList({ sources, bus, clock }: ProviderListDeps): ProviderList {
  const known = new Map<string, { readonly sources: Promise<readonly Provider[]>; readonly until: number }>();
  bus.tail('providers.v1.oauth_source.*', ({ tenant }) => void known.delete(tenant));
  bus.onGap(() => known.clear());

  function all(tenant: string): Promise<readonly Provider[]> {
    const now = clock.now().getTime();
    const found = known.get(tenant);
    if (found && found.until > now) return found.sources;
    const asked = sources.listSignInSources({}, asService(tenant)).then((list) => list.sources);
    const [oldest] = known.keys();
    if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
    known.set(tenant, { sources: asked, until: now + FRESH_MS });
    asked.catch(() => known.delete(tenant));
    return asked;
  }

  /** Whoever signs in by a password needs no identity provider: one that cannot be asked about is not offered. */
  const offered = (tenant: string) => all(tenant).catch(() => []);
  const usable = ({ redirects, takes_tokens }: Provider, { kind }: Pick<Visit, 'kind'>) =>
    kind === 'app' ? takes_tokens : redirects;

  return {
    all,
    entry: entryOf,
    find: async (tenant, slug) =>
      (await all(tenant)).find((each) => each.slug === slug && (each.redirects || each.takes_tokens)),
    async providersOf(visit) {
      const found = (await offered(visit.tenant)).filter((each) => usable(each, visit));
      return found.toSorted((one, other) => one.name.localeCompare(other.name)).map(entryOf);
    },
    async flowsOf(visit) {
      const found = await offered(visit.tenant);
      const redirecting = visit.kind === 'browser' ? found.filter(({ redirects }) => redirects) : [];
      const signup = pendingSignup(visit);
      const source = signup && found.find(({ pk }) => pk === signup.identity.source);
      return [
        ...flow('provider_redirect', redirecting),
        ...flow(
          'provider_token',
          found.filter(({ takes_tokens }) => takes_tokens),
        ),
        ...(source ? [{ id: 'provider_signup', provider: entryOf(source), is_pending: true }] : []),
      ];
    },
  };
}

function flow(id: string, providers: readonly Provider[]): JsonObject[] {
  return providers.length === 0 ? [] : [{ id, providers: providers.map(({ slug }) => slug) }];
}

function entryOf({ slug, name, redirects, takes_tokens, client_id, openid_configuration_url }: Provider): JsonObject {
  return {
    id: slug,
    name,
    flows: [...(redirects ? ['provider_redirect'] : []), ...(takes_tokens ? ['provider_token'] : [])],
    client_id,
    ...(openid_configuration_url === '' ? {} : { openid_configuration_url }),
  };
}
