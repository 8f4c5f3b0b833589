import { auth } from '@postern/proto';
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
  /** What is wrong with a value. */
  fault(value: Json): string | undefined;
  /** Compares a value with what is there, and shows both in few words. A field without it is a secret: nobody can look. */
  look?(object: JsonObject, value: string, origin: Origin): Promise<Look>;
  /** Sets it. Of a dry run, which is taken back, what cannot be done without what nobody sent may be left out. */
  set(object: JsonObject, value: string, origin: Origin, dryRun: boolean): Promise<unknown>;
};

/** A value beside what is there. */
export type Look = { readonly isSame: boolean; readonly before: Json; readonly after: Json };

/** What setting extra fields needs. */
export type ExtraFieldDeps = {
  readonly client: <Definition extends ServiceDefinition>(definition: Definition) => Client<Definition>;
};

/** The extra fields that no proto declares: the only deviations from what the protos say of models. */
export function createExtraFields({ client }: ExtraFieldDeps): readonly ExtraField[] {
  const credentials = client(auth.CredentialServiceDefinition);
  const tokens = client(auth.TokenServiceDefinition);
  return [
    {
      model: 'authentik_core.user',
      field: 'password',
      app: 'auth',
      because: 'Credentials live in `auth`, users in `directory`.',
      fault: textFault,
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
      fault: textFault,
      set: ({ identifier }, key, origin) => tokens.setTokenKey({ identifier: String(identifier), key }, origin),
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
  const wrong = own.flatMap(({ field, fault, beside = {} }) => {
    const message = fault(data[field] ?? null);
    return [
      ...(message === undefined ? [] : [{ field, message }]),
      ...Object.entries(beside).flatMap(([other, missing]) =>
        data[other] === undefined ? [{ field: other, message: missing }] : [],
      ),
    ];
  });
  return { given: own.map((extra) => ({ extra, value: String(data[extra.field] ?? '') })), wrong };
}

function textFault(value: Json): string | undefined {
  const isText = !Array.isArray(value) && !isJsonObject(value) && typeof value !== 'boolean';
  return isText ? undefined : 'Not a valid string.';
}
