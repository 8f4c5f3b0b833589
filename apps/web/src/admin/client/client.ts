import type { ResponseErrors } from '../../executor/challenge.types.ts';
import { isWire, textOf, wireOf } from '../../executor/wire.codec.ts';
import { keyOf, type Row } from '../table/row.ts';

/** What is asked of the application, and of the provider. */
export const APPLICATION_FIELDS = ['name', 'slug', 'meta_launch_url'];
export const PROVIDER_FIELDS = ['client_type', 'redirect_uris', 'authorization_flow', 'signing_key'];
/** What is asked for, in order. */
export const CLIENT_FIELDS = ['name', 'slug', ...PROVIDER_FIELDS, 'meta_launch_url'];

/** The scopes of OpenID Connect: their mappings are known by these names, whatever they are called. */
const SCOPES = ['openid', 'email', 'profile'];

type Found = { readonly flows: readonly Row[]; readonly mappings: readonly Row[]; readonly keys: readonly Row[] };

/** What a new client begins with: shown in the form, and given without being asked for. */
export function defaultsIn({ flows, mappings, keys }: Found) {
  const implicit = flows.find((flow) => textOf(flow, 'slug').includes('implicit')) ?? flows[0];
  const scopes = mappings.filter(
    (mapping) => textOf(mapping, 'managed') !== '' && SCOPES.includes(textOf(mapping, 'scope_name')),
  );
  return {
    shown: {
      client_type: 'confidential',
      authorization_flow: implicit && keyOf(implicit, 'pk'),
      signing_key: keys[0] && keyOf(keys[0], 'pk'),
    },
    mappings: scopes.map((mapping) => keyOf(mapping, 'pk')),
  };
}

/** The request that makes both. The provider has the application's name. */
export function bodyOfClient(form: Row, { mappings }: Pick<ReturnType<typeof defaultsIn>, 'mappings'>): object {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(form).filter(([name]) => names.includes(name)));
  return {
    app: pick(APPLICATION_FIELDS),
    provider_model: 'authentik_providers_oauth2.oauth2provider',
    provider: { name: form.name, property_mappings: mappings, ...pick(PROVIDER_FIELDS) },
  };
}

/** `{"app": {"slug": ["…"]}, "provider": {…}}` in the shape that forms show: a field of either goes by its own name. */
export function errorsBelow(body: unknown): ResponseErrors {
  const found = Object.entries(wireOf(body)).flatMap(([name, value]) =>
    isWire(value) ? Object.entries(value) : [[name, value] as const],
  );
  return Object.fromEntries(found.map(([name, value]) => [name, textsIn(value)]).filter(([, texts]) => texts?.length));
}

function textsIn(value: unknown): { string: string; code: string }[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.filter((text) => typeof text === 'string').map((string) => ({ string, code: 'invalid' }));
}
