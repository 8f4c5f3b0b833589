import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { type Binding, fieldBehavior, fieldShape, type Operation } from '@postern/proto';
import type { Schemas } from './message.schema.ts';
import type { Content, OperationObject, Parameter, Schema } from './schema.types.ts';

/** What an operation object is made of. */
export type OperationDeps = {
  registry: FileRegistry;
  schemas: Schemas;
  /** The comment above an RPC or a field. */
  comment: (desc: Operation['method'] | DescField) => string;
  /** The error bodies that every operation may answer with. */
  errors: { invalid: DescMessage; generic: DescMessage };
};

const EMPTY = 'google.protobuf.Empty';
const RAW = 'google.api.HttpBody';

/** Describes one binding of an operation. */
export function operationObject(deps: OperationDeps, operation: Operation, binding: Binding): OperationObject {
  const parameters = parametersOf(deps, operation, binding);
  const requestBody = bodyOf(deps, operation, binding);
  return {
    operationId: operationId(operation, binding),
    description: deps.comment(operation.method),
    tags: [...operation.rest.tags],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    ...securityOf(operation),
    responses: responsesOf(deps, operation),
  };
}

/** Which credentials the operation takes: none of those of the API where the service looks at its own. */
function securityOf({ access, rest }: Operation): Pick<OperationObject, 'security'> {
  if (rest.credentials === 'CREDENTIALS_NONE') return {};
  return { security: [{ authentik: [] }, ...(access?.kind === 'public' ? [{}] : [])] };
}

function operationId({ rest }: Operation, { verb }: Binding): string {
  return verb === 'patch' ? rest.operation_id.replace(/_update$/, '_partial_update') : rest.operation_id;
}

function parametersOf(deps: OperationDeps, { input }: Operation, binding: Binding): Parameter[] {
  const parameters = input.fields.flatMap((field): Parameter[] => {
    if (binding.parameters.includes(field.name)) return [pathParameter(deps, field)];
    const elsewhere = binding.body === '*' || field.name === binding.body || field.name === 'update_mask';
    return elsewhere ? [] : [queryParameter(deps, field)];
  });
  return parameters.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pathParameter({ schemas, comment }: OperationDeps, field: DescField): Parameter {
  const schema = schemas.field(field, 'parameter');
  return { name: field.name, in: 'path', required: true, description: comment(field), schema };
}

function queryParameter({ registry, schemas, comment }: OperationDeps, field: DescField): Parameter {
  const shape = fieldShape(registry, field);
  const schema = schemas.field(field, 'parameter');
  const required = shape.show_required || fieldBehavior(registry, field).required;
  return {
    name: shape.query_name || field.name,
    in: 'query',
    ...(required && { required }),
    description: comment(field),
    schema,
    ...(schema.type === 'array' && { style: 'form', explode: true }),
  };
}

function bodyOf({ schemas }: OperationDeps, { input, rest }: Operation, binding: Binding) {
  if (!binding.body) return undefined;
  const place = binding.verb === 'patch' ? 'patch' : 'request';
  const schema =
    binding.body === '*'
      ? schemas.useWithout(input, binding.parameters, place)
      : memberSchema(schemas, input, binding.body, place);
  const types = rest.body_types.length > 0 ? rest.body_types : ['application/json'];
  const content: Content = Object.fromEntries(types.map((type) => [type, { schema }]));
  return { content, ...(schemas.resolve(schema).required && { required: true }) };
}

function memberSchema(schemas: Schemas, input: DescMessage, name: string, place: 'patch' | 'request'): Schema {
  const member = input.fields.find((field) => field.name === name);
  if (!member) throw new Error(`${input.typeName} has no ${name}`);
  const { allOf, description: _, ...rest } = schemas.field(member, place);
  return allOf?.[0] ?? rest;
}

function responsesOf(deps: OperationDeps, { output, rest }: Operation): OperationObject['responses'] {
  const { schemas, errors } = deps;
  const json = (schema: Schema): Content => ({ 'application/json': { schema } });
  const isEmpty = output.typeName === EMPTY;
  const status = rest.status || (isEmpty ? 204 : 200);
  const besides = rest.empty_answers.map(({ status, description, with_answer }) => [
    status,
    { description, ...(with_answer && { content: json(answerSchema(deps, output, rest)) }) },
  ]);
  return {
    [status]: isEmpty
      ? { description: 'Done.' }
      : { description: 'The answer.', content: json(answerSchema(deps, output, rest)) },
    400: { description: 'The request is wrong.', content: json(schemas.use(errors.invalid, 'answer')) },
    403: { description: 'Not allowed.', content: json(schemas.use(errors.generic, 'answer')) },
    ...Object.fromEntries(besides),
  };
}

function answerSchema(
  { registry, schemas }: OperationDeps,
  output: DescMessage,
  { answer }: Operation['rest'],
): Schema {
  if (output.typeName !== RAW) return schemas.use(output, 'answer');
  const shown = registry.getMessage(answer);
  return shown ? schemas.use(shown, 'answer') : { type: 'string', format: 'binary' };
}
