import { TenantLink } from '../resource/object.link.tsx';
import type { Resource } from '../resource/resource.ts';

export const brands: Resource = {
  place: 'core/brands',
  group: 'system',
  words: 'brands',
  path: '/core/brands/',
  model: 'authentik_brands.brand',
  key: 'brand_uuid',
  title: 'domain',
  subtitle: 'branding_title',
  columns: [
    { field: 'domain', sort: 'domain' },
    { field: 'default', sort: 'default' },
    { field: 'event_retention', isWide: true },
  ],
  ordering: 'domain',
  filters: ['default'],
};

export const tenants: Resource = {
  place: 'tenants/tenants',
  group: 'system',
  words: 'tenants',
  path: '/tenants/tenants/',
  key: 'tenant_uuid',
  title: 'name',
  columns: [{ field: 'name', sort: 'name' }, { field: 'schema_name', sort: 'schema_name' }, { field: 'ready' }],
  ordering: 'name',
  fields: ['name', 'schema_name'],
  isOperators: true,
};

export const domains: Resource = {
  place: 'tenants/domains',
  group: 'system',
  words: 'domains',
  path: '/tenants/domains/',
  key: 'id',
  title: 'domain',
  columns: [
    { field: 'domain', sort: 'domain' },
    { field: 'tenant', draw: ({ tenant }) => <TenantLink pk={tenant} /> },
    { field: 'is_primary', sort: 'is_primary' },
  ],
  ordering: 'domain',
  fields: ['domain', 'tenant', 'is_primary'],
  isOperators: true,
};

export const tasks: Resource = {
  place: 'administration/system-tasks',
  group: 'system',
  words: 'tasks',
  path: '/admin/system_tasks/',
  key: 'task_name',
  title: 'task_name',
  subtitle: 'task_description',
  columns: [
    { field: 'task_name', sort: 'task_name' },
    { field: 'status', sort: 'status' },
    { field: 'task_finish_timestamp', sort: 'task_finish_timestamp' },
    { field: 'task_duration', sort: 'task_duration', isWide: true },
  ],
  ordering: 'task_name',
  isFixed: true,
  actions: [{ name: 'retry', method: 'POST', path: 'retry/', isForMany: true }],
};

export const blueprints: Resource = {
  place: 'blueprints/instances',
  group: 'system',
  words: 'blueprints',
  path: '/managed/blueprints/',
  model: 'authentik_blueprints.blueprintinstance',
  key: 'pk',
  title: 'name',
  subtitle: 'path',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'status', sort: 'status' },
    { field: 'enabled', sort: 'enabled', isWide: true },
    { field: 'last_applied', sort: 'last_applied' },
  ],
  ordering: 'name',
  fields: ['name', 'path', 'content', 'context', 'enabled'],
  actions: [{ name: 'apply', method: 'POST', path: 'apply/', isForMany: true }],
};

export const certificates: Resource = {
  place: 'crypto/certificates',
  group: 'system',
  words: 'certificates',
  path: '/crypto/certificatekeypairs/',
  model: 'authentik_crypto.certificatekeypair',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'private_key_type' },
    { field: 'cert_expiry' },
    { field: 'cert_subject', isWide: true },
  ],
  ordering: 'name',
  filters: ['has_key'],
  actions: [
    { name: 'viewCertificate', method: 'GET', path: 'view_certificate/', shows: 'data' },
    {
      name: 'viewPrivateKey',
      method: 'GET',
      path: 'view_private_key/',
      shows: 'data',
      isGrave: true,
      isFor: ({ private_key_available: hasKey }) => hasKey === true,
    },
  ],
  listActions: [{ name: 'generate', method: 'POST', path: 'generate/', form: '/crypto/certificatekeypairs/generate/' }],
};
