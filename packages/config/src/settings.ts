import { z } from 'zod';
import { type Address, parseAddress, parseNetwork, parsePlaces } from './address.ts';
import { parseBytes } from './bytes.ts';
import { parseDuration } from './duration.ts';
import { Secret } from './secret.ts';

/** One setting: reads the text of a variable and gives a typed value. */
export type Setting<T> = z.ZodType<T, string | undefined>;

/** What the documentation says of a setting. */
export type SettingFacts = { kind: string; secret: boolean; description: string; fallback?: string; required: boolean };

const facts = z.registry<SettingFacts>();

/** What was declared for a setting; undefined for a group of settings. */
export function factsOf(schema: z.core.$ZodType): SettingFacts | undefined {
  return facts.get(schema);
}

type Kind<T> = { kind: string; secret?: boolean; parse(text: string): T | undefined };

type SettingBuilder<T> = {
  /** A setting that may be left out. */
  (description: string): Setting<T | undefined>;
  /** A setting with a default, written as an operator would write it. */
  (description: string, fallback: string): Setting<T>;
  /** A setting without which the process does not start. */
  required(description: string): Setting<T>;
};

function settingOf<T>({ kind, secret = false, parse }: Kind<T>): SettingBuilder<T> {
  const read = z.string().transform((text, context) => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `expected ${kind}` });
    return z.NEVER;
  });
  function build(description: string): Setting<T | undefined>;
  function build(description: string, fallback: string): Setting<T>;
  function build(description: string, fallback?: string): Setting<T | undefined> {
    const schema = fallback === undefined ? read.optional() : read.prefault(fallback);
    facts.add(schema, { kind, secret, description, fallback, required: false });
    return schema;
  }
  function required(description: string): Setting<T> {
    const schema = z.string({ error: 'is required' }).pipe(read);
    facts.add(schema, { kind, secret, description, required: true });
    return schema as Setting<T>;
  }
  return Object.assign(build, { required });
}

/** Free text; empty text counts as not set. */
export const text = settingOf<string>({ kind: 'text', parse: (value) => value });

/** A credential or key. `<NAME>_FILE` may name a file that holds it. */
export const secret = settingOf<Secret>({ kind: 'a secret', secret: true, parse: (value) => new Secret(value) });

/** `true` or `false` (also `1`/`0`, `yes`/`no`, `on`/`off`). */
export const flag = settingOf<boolean>({
  kind: 'true or false',
  parse: (value) => (/^(true|1|yes|on)$/i.test(value) ? true : /^(false|0|no|off)$/i.test(value) ? false : undefined),
});

/** A whole number, zero or more. */
export const count = settingOf<number>({
  kind: 'a whole number',
  parse: (value) => (/^\d{1,15}$/.test(value) ? Number(value) : undefined),
});

/** A whole number between two others, both included. */
export function countWithin(least: number, most: number): SettingBuilder<number> {
  return settingOf<number>({
    kind: `a whole number from ${least} to ${most}`,
    parse: (value) =>
      /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined,
  });
}

/** A length of time, in milliseconds. See `parseDuration` for the forms. */
export const duration = settingOf<number>({ kind: 'a duration such as 30s, 5m or 14d', parse: parseDuration });

/** A size, in bytes. See `parseBytes` for the forms. */
export const bytes = settingOf<number>({ kind: 'a size such as 64KiB or 10MiB', parse: parseBytes });

/** A host and a port. */
export const address = settingOf<Address>({ kind: 'host:port, such as 0.0.0.0:9000', parse: parseAddress });

/** A host and a port, or `off`. */
export const addressOrOff = settingOf<Address | 'off'>({
  kind: 'host:port, such as 0.0.0.0:9443, or off',
  parse: (value) => (value === 'off' ? 'off' : parseAddress(value)),
});

/** Where a service is reached: one address, or those of its replicas. */
export const places = settingOf<readonly Address[]>({
  kind: 'host:port, such as auth:9401; several with commas when they are numbers',
  parse: parsePlaces,
});

/** An absolute URL. */
export const url = settingOf<string>({ kind: 'a URL', parse: (value) => (URL.canParse(value) ? value : undefined) });

/** A URL that may hold a password. */
export const secretUrl = settingOf<Secret>({
  kind: 'a URL',
  secret: true,
  parse: (value) => (URL.canParse(value) ? new Secret(value) : undefined),
});

/** Texts, separated by commas. */
export const list = settingOf<readonly string[]>({ kind: 'a list, separated by commas', parse: splitList });

/** Addresses and ranges, separated by commas. */
export const networks = settingOf<readonly string[]>({
  kind: 'a list of addresses or CIDR ranges, separated by commas',
  parse: (value) => {
    const entries = splitList(value);
    return entries.every((entry) => parseNetwork(entry) !== undefined) ? entries : undefined;
  },
});

/** One of a few words. */
export function choice<const T extends string>(values: readonly T[]): SettingBuilder<T> {
  return settingOf<T>({
    kind: `one of ${values.join(', ')}`,
    parse: (value) => values.find((known) => known === value),
  });
}

function splitList(value: string): readonly string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
