import type { Api, Json } from './api.client.ts';

/** An application with its OAuth 2 provider. */
export type Registered = {
  readonly slug: string;
  readonly name: string;
  readonly client: { id: string; secret: string };
  /** Key of the provider. */
  readonly provider: number;
};

/** An application to register. */
export type Registration = { slug: string; name: string; redirectUri: string; consent: 'explicit' | 'implicit' };

const MANAGED = 'goauthentik.io/providers/oauth2/scope-';
const SCOPES = ['openid', 'email', 'profile', 'offline_access'];

/** Registers an application as an administrator does: the flow that asks for consent, the scopes, a signing key. */
export async function register(api: Api, { slug, name, redirectUri, consent }: Registration): Promise<Registered> {
  const flow = await api.get(`/flows/instances/default-provider-authorization-${consent}-consent/`);
  const mappings = await api.list('/propertymappings/scope/');
  const [key] = await api.list('/crypto/certificatekeypairs/?has_key=true');
  const provider = await api.post('/providers/oauth2/', {
    name,
    authorization_flow: flow.pk,
    property_mappings: mappings.filter(isWanted).map(({ pk }) => pk),
    redirect_uris: redirectUri,
    signing_key: key?.pk,
  });
  await api.post('/core/applications/', { name, slug, provider: provider.pk });
  const client = { id: String(provider.client_id), secret: String(provider.client_secret) };
  return { slug, name, client, provider: Number(provider.pk) };
}

function isWanted({ managed }: Json): boolean {
  return SCOPES.some((scope) => managed === `${MANAGED}${scope}`);
}

/** Creates somebody who can sign in. Answers their key. */
export async function createPerson(api: Api, username: string, password: string): Promise<number> {
  const { pk } = await api.post('/core/users/', { username, name: username, email: `${username}@example.com` });
  await api.post(`/core/users/${pk}/set_password/`, { password });
  return Number(pk);
}
