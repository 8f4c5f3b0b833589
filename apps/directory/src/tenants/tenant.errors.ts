import { defineErrors } from '@postern/errors';

/** What tenants may answer. */
export const tenantErrors = defineErrors('directory.tenants', {
  DOMAIN_TAKEN: {
    code: 'ALREADY_EXISTS',
    message: 'Domain with this domain already exists.',
    field: 'domain',
    doc: 'A tenant already answers to this host name.',
  },
  DOMAIN_MALFORMED: {
    code: 'INVALID_ARGUMENT',
    message: 'Enter a host name, without a scheme, a port or a path.',
    field: 'domain',
    doc: 'The text is no name that a client could ask for in its Host header.',
  },
  TENANT_LABEL_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'Tenant with this schema name already exists.',
    field: 'schema_name',
    doc: 'Another tenant has this label.',
  },
  TENANT_LABEL_MALFORMED: {
    code: 'INVALID_ARGUMENT',
    message:
      'Schema name must start with t_, only contain lowercase letters and numbers and be less than 63 characters.',
    field: 'schema_name',
    doc: 'The label of a tenant follows a pattern of the contract; the default tenant alone is called `public`.',
  },
  TENANT_DEFAULT: {
    code: 'FAILED_PRECONDITION',
    message: 'The default tenant cannot be deleted.',
    doc: 'Every installation has a default tenant: it answers to all hosts that no other tenant claims.',
  },
  TENANTS_SCHEME_UNSUPPORTED: {
    code: 'PERMISSION_DENIED',
    message: 'Unsupported authentication type',
    doc: 'The key for tenants is presented as `Authorization: Bearer`.',
  },
});
