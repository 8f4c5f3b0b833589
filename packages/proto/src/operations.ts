import type { DescMessage, DescMethod, DescService, FileRegistry } from '@bufbuild/protobuf';
import { HttpRule } from './gen/google/api/http.ts';
import { Access, Credentials, ErrorFamily, Rest } from './gen/postern/api/v1/annotations.ts';
import { readOption } from './registry.ts';

/** HTTP verbs an operation may be bound to, lower case. */
export type Verb = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** One REST path of an operation. */
export type Binding = {
  readonly verb: Verb;
  /** Path template with `{field}` parameters, such as `/api/v3/core/groups/{group_uuid}/`. */
  readonly path: string;
  /** Names of the path parameters in order; each is a field of the request message. */
  readonly parameters: readonly string[];
  /** Field that holds the body; `*` for the whole request without its path parameters; empty for none. */
  readonly body: string;
  /** Field of the answer that is the whole body; empty for the answer itself. */
  readonly responseBody: string;
};

/** Who may call. `undefined` on an operation means that its proto forgot to say so: a server must not start. */
export type AccessRule =
  | { readonly kind: 'public' | 'authenticated' | 'session' | 'superuser' }
  /** Services alone; `callers` names those that may, and none means all. */
  | { readonly kind: 'internal'; readonly callers?: readonly string[] }
  | { readonly kind: 'permission'; readonly permission: string };

/** How the operation looks over REST; every member has a value. */
export type RestShape = Readonly<Rest>;

/** An RPC with everything that its proto says about it. */
export type Operation = {
  /** Full name as gRPC paths have it: `/postern.directory.v1.GroupService/ListGroups`. */
  readonly grpcPath: string;
  readonly service: DescService;
  readonly method: DescMethod;
  readonly input: DescMessage;
  readonly output: DescMessage;
  /** REST paths in the order of declaration; empty for an RPC that only gRPC reaches. */
  readonly bindings: readonly Binding[];
  readonly access: AccessRule | undefined;
  readonly rest: RestShape;
};

/** Every RPC of Postern's own packages, in the order of the files. */
export function operations(registry: FileRegistry): Operation[] {
  return [...registry.files]
    .filter((file) => file.proto.package.startsWith('postern.'))
    .flatMap((file) =>
      file.services.flatMap((service) => service.methods.map((method) => readOperation(registry, method))),
    );
}

/** Reads one RPC. */
export function readOperation(registry: FileRegistry, method: DescMethod): Operation {
  const rule = readOption(registry, method, 'google.api.http', HttpRule);
  return {
    grpcPath: `/${method.parent.typeName}/${method.name}`,
    service: method.parent,
    method,
    input: method.input,
    output: method.output,
    bindings: rule ? [rule, ...rule.additional_bindings].map(readBinding) : [],
    access: readAccess(readOption(registry, method, 'postern.api.v1.access', Access)),
    rest: readOption(registry, method, 'postern.api.v1.rest', Rest) ?? NO_REST,
  };
}

const NO_REST: RestShape = Rest.fromPartial({
  errors: ErrorFamily.ERROR_FAMILY_UNSPECIFIED,
  credentials: Credentials.CREDENTIALS_UNSPECIFIED,
});

function readBinding(rule: HttpRule): Binding {
  const verbs = ['get', 'put', 'post', 'delete', 'patch'] as const;
  const verb = verbs.find((one) => rule[one] !== undefined);
  const path = verb && rule[verb];
  if (!verb || !path) throw new Error('google.api.http without a verb and a path');
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  return { verb, path, parameters, body: rule.body, responseBody: rule.response_body };
}

function readAccess(access: Access | undefined): AccessRule | undefined {
  if (!access) return undefined;
  if (access.permission) return { kind: 'permission', permission: access.permission };
  if (access.internal) return { kind: 'internal', ...(access.callers.length > 0 ? { callers: access.callers } : {}) };
  const kinds = ['public', 'authenticated', 'session', 'superuser'] as const;
  const kind = kinds.find((one) => access[one]);
  return kind && { kind };
}
