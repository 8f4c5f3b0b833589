import type { DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { createCommentReader, type Operation, operations } from '@postern/proto';
import { stringify } from 'yaml';
import { createSchemas } from './message.schema.ts';
import { type OperationDeps, operationObject } from './operation.object.ts';
import type { OpenApiDocument } from './schema.types.ts';

const PREFIX = '/api/v3';

/** Version of the contract that clients are written against. */
const CONTRACT_VERSION = '2023.10.4';

/** Builds the OpenAPI 3.0.3 document of the admin and flow API from the protos. Takes about 50 ms; build it once. */
export function openApiDocument(registry: FileRegistry): OpenApiDocument {
  const schemas = createSchemas(registry);
  const errors = {
    invalid: requireMessage(registry, 'postern.api.v1.ValidationError'),
    generic: requireMessage(registry, 'postern.api.v1.GenericError'),
  };
  const paths = pathsOf({ registry, schemas, comment: createCommentReader(), errors });
  return {
    openapi: '3.0.3',
    info: {
      title: 'Postern',
      version: CONTRACT_VERSION,
      description: 'The admin and flow API of Postern.',
      license: { name: 'MIT' },
    },
    servers: [{ url: `${PREFIX}/` }],
    paths,
    components: {
      schemas: schemas.all(),
      securitySchemes: { authentik: { type: 'apiKey', in: 'header', name: 'Authorization' } },
    },
  };
}

/** The document as YAML. */
export function openApiYaml(document: OpenApiDocument): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Whether an operation is part of the public document. */
function isDocumented({ rest, access }: Operation): boolean {
  return rest.operation_id !== '' && !rest.undocumented && access?.kind !== 'internal';
}

function pathsOf(deps: OperationDeps): OpenApiDocument['paths'] {
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations(deps.registry).filter(isDocumented)) {
    for (const binding of operation.bindings.filter(({ path }) => path.startsWith(`${PREFIX}/`))) {
      const path = binding.path.slice(PREFIX.length);
      paths[path] = { ...paths[path], [binding.verb]: operationObject(deps, operation, binding) };
    }
  }
  return Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function requireMessage(registry: FileRegistry, name: string): DescMessage {
  const message = registry.getMessage(name);
  if (!message) throw new Error(`no message ${name}`);
  return message;
}
