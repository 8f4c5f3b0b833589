import { auth, providers } from '@postern/proto';
import type { Client, Origin, ServiceDefinition, ServiceName } from '@postern/rpc';
import { type BlueprintPlace, isJsonObject, type Json, type JsonObject } from '../format/index.ts';
import { factsOf } from './vouching.client.ts';

/** A field that blueprints may set and that the messages do not have: another operation sets it. */
export type ExtraField = {
  readonly model: string;
  readonly field: string;
  /** App that sets it. */
  readonly app: ServiceName;
  /** Why it is no field of the message. */
  readonly because: string;
  /** What must be given beside it, and what is said where it is not. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly isSecret: boolean;
  /** Field of the message that shows the value; undefined for one that is never shown. */
  readonly shownAs?: string;
  set(object: JsonObject, value: string, origin: Origin): Promise<unknown>;
};

/** What setting extra fields needs. */
export type ExtraFieldDeps = {
  readonly client: <Definition extends ServiceDefinition>(definition: Definition) => Client<Definition>;
};

/** The extra fields: the only deviations from what the protos say of models. */
export function createExtraFields({ client }: ExtraFieldDeps): readonly ExtraField[] {
  const credentials = client(auth.CredentialServiceDefinition);
  const tokens = client(auth.TokenServiceDefinition);
  const flows = client(auth.FlowInstanceServiceDefinition);
  const applications = client(providers.ApplicationServiceDefinition);
  return [
    {
      model: 'authentik_core.user',
      field: 'password',
      app: 'auth',
      because: 'Credentials live in `auth`, users in `directory`.',
      isSecret: true,
      // Without one nobody can sign in with a password.
      set: (user, password, origin) =>
        credentials.setUserPassword(
          password === '' ? { user: factsOf(user) } : { user: factsOf(user), password },
          origin,
        ),
    },
    {
      model: 'authentik_core.token',
      field: 'key',
      app: 'auth',
      because: 'A key is shown and set by operations of its own, which leave a record.',
      beside: { user: 'Missing user', intent: 'Missing intent' },
      isSecret: true,
      set: ({ identifier }, key, origin) => tokens.setTokenKey({ identifier: String(identifier), key }, origin),
    },
    {
      model: 'authentik_core.application',
      field: 'icon',
      app: 'providers',
      because: 'Pictures are uploaded by an operation of their own.',
      isSecret: false,
      shownAs: 'meta_icon',
      set: ({ slug }, url, origin) => applications.setApplicationIconUrl({ slug: String(slug), url }, origin),
    },
    {
      model: 'authentik_flows.flow',
      field: 'background',
      app: 'auth',
      because: 'Pictures are uploaded by an operation of their own.',
      isSecret: false,
      shownAs: 'background',
      set: ({ slug }, url, origin) => flows.setFlowBackgroundUrl({ slug: String(slug), url }, origin),
    },
  ];
}

/** An extra field and the value that an entry gives it. */
export type GivenExtra = { readonly extra: ExtraField; readonly value: string };

/** The extra fields that an entry gives, and what is wrong with them. */
export function extrasIn(
  extras: readonly ExtraField[],
  model: string,
  data: JsonObject,
): { given: GivenExtra[]; wrong: (BlueprintPlace & { message: string })[] } {
  const own = extras.filter((extra) => extra.model === model && data[extra.field] !== undefined);
  const wrong = own.flatMap(({ field, beside = {} }) => [
    ...(isText(data[field]) ? [] : [{ field, message: 'Not a valid string.' }]),
    ...Object.entries(beside).flatMap(([other, message]) =>
      data[other] === undefined ? [{ field: other, message }] : [],
    ),
  ]);
  return { given: own.map((extra) => ({ extra, value: String(data[extra.field] ?? '') })), wrong };
}

function isText(value: Json | undefined): boolean {
  return !Array.isArray(value) && !isJsonObject(value) && typeof value !== 'boolean';
}
