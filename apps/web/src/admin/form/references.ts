import type { ApiDocument } from '../schema/document.ts';
import type { FieldSchema } from '../schema/field.schema.ts';

/** Where the objects are that a field refers to. */
export type Reference = {
  readonly path: string;
  /** The field that a reference holds. */
  readonly key: string;
  /** The field that people know the object by. */
  readonly label: string;
};

const to = (path: string, key = 'pk', label = 'name'): Reference => ({ path, key, label });

const FLOWS = to('/flows/instances/');
const KEYS = to('/crypto/certificatekeypairs/');

/** By the name of a field: the API calls the same thing the same everywhere. */
const BY_NAME: Readonly<Record<string, readonly Reference[]>> = {
  flow: [FLOWS],
  signing_key: [KEYS],
  verification_kp: [KEYS],
  web_certificate: [KEYS],
  user: [to('/core/users/', 'pk', 'username')],
  users: [to('/core/users/', 'pk', 'username')],
  group: [to('/core/groups/')],
  groups: [to('/core/groups/')],
  parent: [to('/core/groups/')],
  create_users_group: [to('/core/groups/')],
  roles: [to('/rbac/roles/', 'pk', 'name')],
  provider: [to('/providers/all/')],
  backchannel_providers: [to('/providers/all/')],
  property_mappings: [to('/propertymappings/all/'), to('/propertymappings/scope/')],
  webhook_mapping: [to('/propertymappings/notification/')],
  tenant: [to('/tenants/tenants/', 'tenant_uuid')],
  transports: [to('/events/transports/')],
  stage: [to('/stages/all/')],
  password_stage: [to('/stages/all/')],
  captcha_stage: [to('/stages/all/')],
  configuration_stages: [to('/stages/all/')],
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
