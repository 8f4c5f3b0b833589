import { readFileSync } from 'node:fs';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process. The one place that touches them. */
export function environment(): Environment {
  return process.env;
}

/** Reads one variable; throws an Error whose message tells what is wrong with it. Empty counts as not set. */
export type Reader = (name: string) => string | undefined;

/**
 * A reader that follows indirections: the value `env://NAME?fallback` is that of another variable, `file:///path?fallback` that of a file,
 * and the variable `<name>_FILE` names a file.
 */
export function createReader(env: Environment): Reader {
  return (name) => {
    const direct = env[name] || undefined;
    const file = env[`${name}_FILE`] || undefined;
    if (direct !== undefined && file !== undefined) throw new Error(`is set twice, here and by ${name}_FILE`);
    return file === undefined ? follow(direct, env) : readSecretFile(file);
  };
}

function follow(value: string | undefined, env: Environment): string | undefined {
  if (value?.startsWith('env://')) {
    const [source = '', fallback] = split(value.slice('env://'.length));
    return env[source] || fallback;
  }
  if (value?.startsWith('file:///')) {
    const [path = '', fallback] = split(value.slice('file://'.length));
    return readSecretFile(path, fallback);
  }
  return value;
}

function split(text: string): [string, string | undefined] {
  const mark = text.indexOf('?');
  return mark === -1 ? [text, undefined] : [text.slice(0, mark), text.slice(mark + 1)];
}

/** The content without the line break that editors put at the end. */
function readSecretFile(path: string, fallback?: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    if (fallback !== undefined) return fallback;
    throw new Error(`cannot read the file ${path}`);
  }
}
