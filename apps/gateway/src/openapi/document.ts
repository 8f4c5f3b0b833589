import type { FileRegistry } from '@bufbuild/protobuf';
import { createCommentReader, type Operation, operations } from '@postern/proto';
import { stringify } from 'yaml';
import { API, type Family, HEADLESS, REST_AUTH } from './families.ts';
import { createSchemas, requireMessage } from './message.schema.ts';
import { type OperationDeps, operationObject } from './operation.object.ts';
import type { OpenApiDocument } from './schema.types.ts';

/** Builds the OpenAPI 3.0.3 document of the admin and flow API from the protos. Takes about 50 ms; build it once. */
export function openApiDocument(registry: FileRegistry): OpenApiDocument {
  return documentOf(registry, API);
}

/** The same for the headless sign-in API. */
export function headlessDocument(registry: FileRegistry): OpenApiDocument {
  return documentOf(registry, HEADLESS);
}

/** The same for the REST auth API. */
export function restAuthDocument(registry: FileRegistry): OpenApiDocument {
  return documentOf(registry, REST_AUTH);
}

/** A document as YAML. */
export function openApiYaml(document: OpenApiDocument): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function documentOf(registry: FileRegistry, family: Family): OpenApiDocument {
  const schemas = createSchemas(registry);
  const { errors, known, security } = family;
  const deps = {
    registry,
    schemas,
    comment: createCommentReader(),
    known,
    security,
    errors: errors && {
      invalid: requireMessage(registry, errors.invalid),
      generic: requireMessage(registry, errors.generic),
    },
  };
  const paths = pathsOf(deps, family);
  return {
    openapi: '3.0.3',
    info: family.info,
    ...(family.servers && { servers: family.servers }),
    paths,
    components: {
      schemas: schemas.all(),
      ...(family.securitySchemes && { securitySchemes: family.securitySchemes }),
    },
  };
}

function pathsOf(deps: OperationDeps, { has, prefix }: Family): OpenApiDocument['paths'] {
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of operations(deps.registry).filter((one) => isPublic(one) && has(one))) {
    for (const binding of operation.bindings.filter(({ path }) => path.startsWith(prefix.shown))) {
      const path = binding.path.slice(prefix.cut.length);
      paths[path] = { ...paths[path], [binding.verb]: operationObject(deps, operation, binding) };
    }
  }
  return Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether an operation may be part of a public document. */
function isPublic({ rest, access }: Operation): boolean {
  return !rest.undocumented && access?.kind !== 'internal';
}
