import type { Operation } from '@postern/proto';
import type { OpenApiDocument, OperationObject, Schema } from './schema.types.ts';

/** A public family of operations, as far as its document differs from the others. */
export type Family = {
  readonly info: OpenApiDocument['info'];
  readonly servers?: OpenApiDocument['servers'];
  /** Paths that begin so are shown, without the part that is cut: the servers have it. */
  readonly prefix: { readonly shown: string; readonly cut: string };
  /** Whether an operation is part of it. */
  readonly has: (operation: Operation) => boolean;
  /** Credentials, any of which will do; undefined where the document says nothing of them. */
  readonly security: (operation: Operation) => OperationObject['security'];
  readonly securitySchemes?: OpenApiDocument['components']['securitySchemes'];
  /** Full names of the messages of errors that every operation lists. Default: none are listed. */
  readonly errors?: { readonly invalid: string; readonly generic: string };
  /** Schemas of parameters of the path that are the same everywhere. */
  readonly known?: Readonly<Record<string, Schema>>;
};

const isNamed = ({ rest }: Operation) => rest.operation_id !== '';

/** The admin and flow API. */
export const API: Family = {
  info: {
    title: 'Postern',
    // That of the contract that clients are written against.
    version: '2023.10.4',
    description: 'The admin and flow API of Postern.',
    license: { name: 'MIT' },
  },
  servers: [{ url: '/api/v3/' }],
  prefix: { shown: '/api/v3/', cut: '/api/v3' },
  has: isNamed,
  errors: { invalid: 'postern.api.v1.ValidationError', generic: 'postern.api.v1.GenericError' },
  securitySchemes: { authentik: { type: 'apiKey', in: 'header', name: 'Authorization' } },
  // None of those of the API where the service looks at its own.
  security: ({ access, rest }) => (rest.credentials === 'CREDENTIALS_NONE' ? undefined : anyOf(['authentik'], access)),
};

const INTRODUCTION = `# Introduction

Signing up, signing in, and what people set up for themselves, for front ends of others. A browser keeps its session in a cookie, and shows the
token of the cookie \`csrftoken\` in the header \`X-CSRFToken\` of whatever changes something; an app sends the token of its session, which answers
give as \`meta.session_token\`, in the header \`X-Session-Token\`.

Every answer says its HTTP status as \`status\`, what was asked for as \`data\`, and what is wrong as \`errors\`. 401 is how to go on: \`data.flows\`
lists the ways, of which the one that waits is pending. 410 tells an app that its session is over.
`;

/** The headless sign-in API. */
export const HEADLESS: Family = {
  info: { title: 'Postern: headless sign-in', version: '1', description: INTRODUCTION },
  prefix: { shown: '/_allauth/', cut: '' },
  has: ({ rest }) => rest.errors === 'ERROR_FAMILY_HEADLESS' && rest.answers.length > 0,
  security: () => undefined,
  known: { client: { type: 'string', enum: ['app', 'browser'] } },
};

/** The REST auth API. */
export const REST_AUTH: Family = {
  info: {
    title: 'Postern: REST auth',
    // That of the API that clients are written against.
    version: '291',
    description: 'Accounts of people, for clients that sign in by name and password, or by a token.',
    license: { name: 'MIT' },
  },
  prefix: { shown: '/api/auth/', cut: '' },
  has: (operation) => isNamed(operation) && operation.rest.errors === 'ERROR_FAMILY_REST',
  securitySchemes: {
    tokenAuth: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'The word "Token", and a token.' },
    basicAuth: { type: 'http', scheme: 'basic' },
    cookieAuth: { type: 'apiKey', in: 'cookie', name: 'sessionid' },
  },
  security: ({ access, rest }) =>
    rest.credentials === 'CREDENTIALS_NONE' ? undefined : anyOf(['tokenAuth', 'basicAuth', 'cookieAuth'], access),
};

function anyOf(names: readonly string[], access: Operation['access']): Record<string, string[]>[] {
  return [...names.map((name) => ({ [name]: [] })), ...(access?.kind === 'public' ? [{}] : [])];
}
