import type { ApiDocument } from '../schema/document.ts';
import type { FieldSchema } from '../schema/field.schema.ts';

/** Where the objects are that a field refers to. */
export type Reference = {
  readonly path: string;
  /** The field that a reference holds. */
  readonly key: string;
  /** The field that people know the object by. */
  readonly label: string;
  /** The filter of the list that takes what a reference holds, where the address of an object does not. */
  readonly filter?: string;
  /** The place of its page, and the field that the address of that has, where it is not the key. */
  readonly place?: string;
  readonly placeKey?: string;
};

type Further = Partial<Reference>;
const to = (path: string, further: Further = {}): Reference => ({ path, key: 'pk', label: 'name', ...further });

const FLOWS = to('/flows/instances/', { filter: 'flow_uuid', place: '/flow/flows/', placeKey: 'slug' });
const KEYS = to('/crypto/certificatekeypairs/', { place: '/crypto/certificates/' });
const USERS = to('/core/users/', { label: 'username', place: '/identity/users/' });
const GROUPS = to('/core/groups/', { place: '/identity/groups/' });
const STAGES = to('/stages/all/', { place: '/flow/stages/' });

/** By the name of a field: the API calls the same thing the same everywhere. */
const BY_NAME: Readonly<Record<string, readonly Reference[]>> = {
  flow: [FLOWS],
  signing_key: [KEYS],
  verification_kp: [KEYS],
  web_certificate: [KEYS],
  user: [USERS],
  users: [USERS],
  group: [GROUPS],
  groups: [GROUPS],
  parent: [GROUPS],
  create_users_group: [GROUPS],
  roles: [to('/rbac/roles/', { place: '/identity/roles/' })],
  provider: [to('/providers/all/')],
  backchannel_providers: [to('/providers/all/')],
  property_mappings: [to('/propertymappings/all/'), to('/propertymappings/scope/')],
  webhook_mapping: [to('/propertymappings/notification/')],
  tenant: [to('/tenants/tenants/', { key: 'tenant_uuid', place: '/tenants/tenants/' })],
  transports: [to('/events/transports/')],
  stage: [STAGES],
  password_stage: [STAGES],
  captcha_stage: [STAGES],
  configuration_stages: [STAGES],
  policy: [to('/policies/all/')],
  validation_policies: [to('/policies/all/')],
  fields: [to('/stages/prompt/prompts/')],
  sources: [to('/sources/all/'), to('/sources/oauth/')],
  jwks_sources: [to('/sources/all/'), to('/sources/oauth/')],
};

/** What a field refers to; undefined where it refers to nothing, or this server cannot list it. */
export function referenceOf(
  { name, as, kind, format }: Pick<FieldSchema, 'name' | 'as' | 'kind' | 'format'>,
  document: ApiDocument,
): Reference | undefined {
  const known = BY_NAME[as ?? name] ?? (/(^flow_|_flow$)/.test(name) ? [FLOWS] : []);
  // An application has a group of tiles, which is a word.
  const isWord = kind === 'text' && format !== 'uuid';
  if (isWord || kind === 'json') return undefined;
  return known.find(({ path }) => document.has(path));
}
