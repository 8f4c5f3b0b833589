import { createHash } from 'node:crypto';

/** Passwords that are known to have leaked. */
export type LeakedPasswords = {
  /** How often a password is known to have leaked. Throws `PolicyFailed` when nobody knows: a password that nobody could judge is refused. */
  readonly count: (password: string, signal: AbortSignal) => Promise<number>;
  /** Why passwords are not looked up here at all; unset where they are. */
  readonly off?: string;
};

/** The hash under which lists of leaked passwords know a password: 40 hexadecimal digits, upper case. */
export function sha1Of(password: string): string {
  return createHash('sha1').update(password).digest('hex').toUpperCase();
}

/** How often a hash stands in lines of `<end of the hash>:<count>`. Lines of padding count 0. */
export function countIn(range: string, end: string): number {
  const line = range.split(/\r?\n/).find((one) => one.slice(0, end.length).toUpperCase() === end);
  return line === undefined ? 0 : timesOf(line, end.length);
}

/** The count of a line; 1 where a list names none. */
export function timesOf(line: string, hashLength: number): number {
  const [, digits] = /^:(\d+)\s*$/.exec(line.slice(hashLength)) ?? [];
  return digits === undefined ? 1 : Number(digits);
}
