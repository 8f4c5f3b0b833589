import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { type Binding, fieldBehavior, fieldShape, type Operation } from '@postern/proto';
import { requireMessage, type Schemas } from './message.schema.ts';
import type { Answer, Content, OperationObject, Parameter, Schema } from './schema.types.ts';

/** What an operation object is made of. */
export type OperationDeps = {
  registry: FileRegistry;
  schemas: Schemas;
  /** The comment above an RPC or a field. */
  comment: (desc: Operation['method'] | DescField) => string;
  /** The error bodies that every operation may answer with. Default: none are listed. */
  errors?: { invalid: DescMessage; generic: DescMessage } | undefined;
  /** The credentials that an operation takes. */
  security: (operation: Operation) => OperationObject['security'];
  /** Schemas of parameters of the path that are the same everywhere. */
  known?: Readonly<Record<string, Schema>> | undefined;
};

type StatedAnswer = Operation['rest']['answers'][number];
type ShownParameter = Operation['rest']['parameters'][number];

const EMPTY = 'google.protobuf.Empty';
const RAW = 'google.api.HttpBody';

/** Describes one binding of an operation. */
export function operationObject(deps: OperationDeps, operation: Operation, binding: Binding): OperationObject {
  const parameters = parametersOf(deps, operation, binding);
  const requestBody = bodyOf(deps, operation, binding);
  const security = deps.security(operation);
  return {
    ...(operation.rest.operation_id && { operationId: operationId(operation, binding) }),
    description: deps.comment(operation.method),
    tags: [...operation.rest.tags],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    ...(security && { security }),
    responses: responsesOf(deps, operation),
  };
}

function operationId({ rest }: Operation, { verb }: Binding): string {
  return verb === 'patch' ? rest.operation_id.replace(/_update$/, '_partial_update') : rest.operation_id;
}

function parametersOf(deps: OperationDeps, { input, rest }: Operation, binding: Binding): Parameter[] {
  const parameters = input.fields.flatMap((field): Parameter[] => {
    if (binding.parameters.includes(field.name)) return [pathParameter(deps, field)];
    const elsewhere = binding.body === '*' || field.name === binding.body || field.name === 'update_mask';
    // What names a client in one path is no parameter of those that name one themselves.
    return elsewhere || deps.known?.[field.name] ? [] : [queryParameter(deps, field)];
  });
  return [...parameters, ...rest.parameters.map(shownParameter)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shownParameter(shown: ShownParameter): Parameter {
  const { name, description, required, schema, may_be_empty } = shown;
  return {
    name,
    in: shown.in === 'query' ? 'query' : 'header',
    ...(required && { required }),
    description,
    schema: schema ? (JSON.parse(schema) as Schema) : { type: 'string' },
    ...(may_be_empty && { allowEmptyValue: true }),
  };
}

function pathParameter({ schemas, comment, known }: OperationDeps, field: DescField): Parameter {
  const schema = known?.[field.name] ?? schemas.field(field, 'parameter');
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

function bodyOf({ registry, schemas }: OperationDeps, { input, rest }: Operation, binding: Binding) {
  if (!binding.body) return undefined;
  if (rest.body) {
    const { message, optional } = rest.body;
    const schema = schemas.use(requireMessage(registry, message), 'request');
    const types = rest.body_types.map((type) => (type === '*/*' ? 'application/json' : type));
    return {
      content: Object.fromEntries(types.map((type) => [type, { schema }])),
      ...(!optional && { required: true }),
    };
  }
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
  if (rest.answers.length > 0) return Object.fromEntries(rest.answers.map((one) => statedAnswer(deps, one)));
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
    ...(errors && {
      400: { description: 'The request is wrong.', content: json(schemas.use(errors.invalid, 'answer')) },
      403: { description: 'Not allowed.', content: json(schemas.use(errors.generic, 'answer')) },
    }),
    ...Object.fromEntries(besides),
  };
}

function statedAnswer({ registry, schemas }: OperationDeps, stated: StatedAnswer): [number, Answer] {
  const { status, message, description, redirects } = stated;
  const schema = message ? schemas.use(requireMessage(registry, message), 'answer') : undefined;
  return [
    status,
    {
      description,
      ...(schema && { content: { 'application/json': { schema } } }),
      ...(redirects && { headers: { location: { schema: { type: 'string' } } } }),
    },
  ];
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
