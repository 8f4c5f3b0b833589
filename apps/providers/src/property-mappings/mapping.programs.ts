import {
  directoryUser,
  ExpressionError,
  type ExpressionPeople,
  type Expressions,
  type HostFunctions,
  type Json,
  mappingVariables,
  object,
  peopleFunctions,
  type Value,
} from '@postern/expressions';
import type { directory } from '@postern/proto';
import type { Call } from '@postern/rpc';

/** A program of an administrator. */
export type MappingProgram = { readonly pk: string; readonly name: string; readonly expression: string };

/** For whom it is run, and what it may look at. */
export type MappingCase = {
  /** Left out where there is nobody. */
  readonly person?: directory.User;
  /** What the place of use adds: `provider`, `token`. */
  readonly others?: { readonly [name: string]: Value | undefined };
  /** Additions to `request.context`. */
  readonly context?: { readonly [name: string]: Value | undefined };
  /** Whether it is only tried out: it writes no events then. */
  readonly isTrial?: boolean;
};

/** Runs programs. */
export type MappingPrograms = {
  /** What a program returns. Throws ExpressionError when it fails, takes too long or gives too much. */
  run(program: MappingProgram, about: MappingCase, call: Call): Promise<Json>;
};

/** What programs may ask the login service, and tell the audit log. */
export type MappingHost = {
  hasDevice(tenant: string, user: number, deviceClass: string | null): Promise<boolean>;
  /** Tries a policy on somebody. Throws HostFunctionError for a policy that does not exist. */
  callPolicy(
    question: { name: string; user: number; context: object },
    call: Call,
  ): Promise<{ passing: boolean; messages: readonly string[] }>;
  /** Writes an event that a program asks for; `action` has its prefix. */
  record(event: { action: string; context: object; mapping: string }, call: Call): Promise<void>;
};

export type MappingProgramsDeps = {
  readonly expressions: Pick<Expressions, 'evaluate'>;
  readonly people: ExpressionPeople;
  readonly host: MappingHost;
};

/** Characters of JSON that a program may give: claims travel in tokens, and tokens in headers. */
const LARGEST = 64 * 1024;
/** Time that is left for the answer itself. */
const MARGIN_MS = 1_000;

/** Creates what runs programs: the documented variables and functions, and limits of time and size. */
export function createMappingPrograms({ expressions, people, host }: MappingProgramsDeps): MappingPrograms {
  return {
    async run({ pk, name, expression: code }, about, call) {
      const { tenant } = call.context;
      const { person, others, context } = about;
      const variables = mappingVariables({
        user: person && directoryUser(person),
        obj: object('mapping', { pk, name }),
        http: httpOf(call),
        others,
        context,
      });
      const timeoutMs = Math.max(MARGIN_MS, call.deadline - Date.now() - MARGIN_MS);
      const functions = functionsOf(name, about, call, { people, host });
      const { value } = await expressions.evaluate({
        tenant,
        name,
        kind: 'mapping',
        code,
        variables,
        functions,
        timeoutMs,
      });
      if (JSON.stringify(value).length > LARGEST)
        throw new ExpressionError('result', `The mapping gives more than ${LARGEST} characters.`);
      return value;
    },
  };
}

function functionsOf(
  name: string,
  { person, isTrial = false }: MappingCase,
  call: Call,
  { people, host }: Pick<MappingProgramsDeps, 'people' | 'host'>,
): HostFunctions {
  const { tenant } = call.context;
  return {
    ...peopleFunctions(people, tenant),
    ak_user_has_authenticator: ({ user, device_type }) => host.hasDevice(tenant, user, device_type),
    // Policies decide about somebody.
    ...(person && {
      ak_call_policy: ({ name: policy, context }) => host.callPolicy({ name: policy, user: person.pk, context }, call),
    }),
    ak_create_event: async ({ action, context }) => {
      if (!isTrial) await host.record({ action, context, mapping: name }, call);
    },
  };
}

/** Parameters that a program has no business with. */
const SECRET = /token|secret|password|assertion|hint|^code/i;

/** The request, without what entitles its sender to something. */
function httpOf({ context: { client } }: Call) {
  if (client.path === '') return undefined;
  const query = [...new URLSearchParams(client.query)].filter(([name]) => !SECRET.test(name));
  return {
    method: client.method,
    path: client.path,
    host: client.host,
    secure: client.scheme === 'https',
    query: Object.fromEntries(query),
    clientIp: client.address,
    userAgent: client.userAgent,
  };
}
