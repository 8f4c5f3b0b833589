import { expect, it } from 'vitest';
import { bodyOfClient, defaultsIn, errorsBelow } from './client.ts';

const found = {
  flows: [
    { pk: 'explicit', slug: 'default-explicit-consent' },
    { pk: 'implicit', slug: 'default-implicit-consent' },
  ],
  mappings: [
    { pk: 'm1', scope_name: 'openid', managed: 'scope-openid' },
    { pk: 'm2', scope_name: 'email', managed: 'scope-email' },
    { pk: 'm3', scope_name: 'email', managed: null },
    { pk: 'm4', scope_name: 'ak_proxy', managed: 'scope-proxy' },
  ],
  keys: [{ pk: 'k1' }],
};

it('begins a client with the flow, the scopes and the key that most have', () => {
  expect(defaultsIn(found)).toEqual({
    shown: { client_type: 'confidential', authorization_flow: 'implicit', signing_key: 'k1' },
    mappings: ['m1', 'm2'],
  });
  expect(defaultsIn({ flows: [], mappings: [], keys: [] }).shown.authorization_flow).toBeUndefined();
});

it('asks for an application and a provider of the same name', () => {
  const form = {
    name: 'Wiki',
    slug: 'wiki',
    meta_launch_url: 'https://wiki',
    client_type: 'public',
    redirect_uris: 'https://wiki/cb',
  };
  expect(bodyOfClient(form, { mappings: ['m1'] })).toEqual({
    app: { name: 'Wiki', slug: 'wiki', meta_launch_url: 'https://wiki' },
    provider_model: 'authentik_providers_oauth2.oauth2provider',
    provider: { name: 'Wiki', property_mappings: ['m1'], client_type: 'public', redirect_uris: 'https://wiki/cb' },
  });
});

it('finds what is wrong with either at its field', () => {
  const body = { app: { slug: ['taken'] }, provider: { authorization_flow: ['required'] }, detail: 'no' };
  expect(errorsBelow(body)).toEqual({
    slug: [{ string: 'taken', code: 'invalid' }],
    authorization_flow: [{ string: 'required', code: 'invalid' }],
    detail: [{ string: 'no', code: 'invalid' }],
  });
});
