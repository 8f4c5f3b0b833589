import { isJsonObject, type Json } from './json.ts';
import { repr, str, typeName } from './python.values.ts';

/** Longest field that a width or precision may ask for: `%999999999d` is a cheap way to fill the memory. */
const WIDEST = 1_000;

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]?)/g;

/** Wrong use of a format, in Python's words. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** One `%` directive, its `*` replaced by the arguments they stand for. */
type Directive = {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
};

/**
 * Python's `text % args`: `%s %r %a %c %d %i %u %o %x %X %e %f %g %%` with flags, width and precision, and `%(name)s` where the one argument is a map.
 * Throws FormatError.
 */
export function formatText(text: string, args: readonly Json[]): string {
  const source = createSource(args);
  const result = text.replace(DIRECTIVE, (_whole, name: string | undefined, flags: string, ...rest: unknown[]) => {
    const [width, precision, type, at] = rest as [string | undefined, string | undefined, string, number];
    const directive = {
      flags,
      width: sizeOf(width, source),
      precision: precision === undefined ? undefined : sizeOf(precision || '0', source),
      type,
    };
    if (type === '%') return '%';
    if (type === '') throw new FormatError('incomplete format');
    return render(directive, source.take(name), at + _whole.length - 1);
  });
  source.finish();
  return result;
}

type Source = { take(name?: string): Json; finish(): void };

function createSource(args: readonly Json[]): Source {
  const [only] = args;
  let used = 0;
  let named = false;
  return {
    take(name) {
      if (name !== undefined) {
        named = true;
        if (args.length !== 1 || !isJsonObject(only)) throw new FormatError('format requires a mapping');
        const value = Object.hasOwn(only, name) ? only[name] : undefined;
        if (value === undefined) throw new FormatError(`no value for the key ${repr(name)}`);
        return value;
      }
      const value = args[used];
      used += 1;
      if (value === undefined) throw new FormatError('not enough arguments for format string');
      return value;
    },
    finish() {
      if (!named && used < args.length) {
        throw new FormatError('not all arguments converted during string formatting');
      }
    },
  };
}

function sizeOf(given: string | undefined, source: Source): number {
  const size = given === '*' ? source.take() : Number(given ?? 0);
  if (typeof size !== 'number') throw new FormatError('* wants int');
  if (Math.abs(size) > WIDEST) throw new FormatError(`width and precision are at most ${WIDEST}`);
  return size;
}

function render(directive: Directive, value: Json, at: number): string {
  const { type, precision } = directive;
  if (type === 's' || type === 'r' || type === 'a') {
    const text = type === 's' ? str(value) : repr(value);
    return pad(directive, '', precision === undefined ? text : text.slice(0, precision));
  }
  if (type === 'c') return pad(directive, '', character(value));
  const number = digitsOf(directive, value, at);
  return pad(directive, signOf(directive, number.negative) + number.prefix, number.digits, true);
}

function character(value: Json): string {
  if (typeof value === 'string' && [...value].length === 1) return value;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 0x10ffff) {
    return String.fromCodePoint(value);
  }
  throw new FormatError('%c requires int or char');
}

type Digits = { readonly negative: boolean; readonly prefix: string; readonly digits: string };

function digitsOf({ type, flags, precision }: Directive, given: Json, at: number): Digits {
  if (!/[diuoxXeEfFgG]/.test(type)) {
    const code = type.charCodeAt(0).toString(16);
    throw new FormatError(`unsupported format character '${type}' (0x${code}) at index ${at}`);
  }
  const value = numberOf(type, given);
  const size = Math.abs(value);
  const [digits, prefix] = magnitude(type, size, precision, flags.includes('#'));
  return { negative: value < 0, prefix, digits };
}

function numberOf(type: string, given: Json): number {
  const value = typeof given === 'boolean' ? Number(given) : given;
  if (/[oxX]/.test(type)) {
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw new FormatError(`%${type} format: an integer is required, not ${typeName(given)}`);
  }
  if (typeof value === 'number') return /[diu]/.test(type) ? Math.trunc(value) : value;
  if (/[diu]/.test(type)) {
    throw new FormatError(`%${type} format: a real number is required, not ${typeName(given)}`);
  }
  throw new FormatError(`must be real number, not ${typeName(given)}`);
}

function magnitude(type: string, size: number, precision: number | undefined, alternate: boolean): [string, string] {
  const least = (digits: string) => digits.padStart(precision ?? 0, '0');
  const lower = type.toLowerCase();
  if (/[diu]/.test(type)) return [least(String(BigInt(size))), ''];
  if (lower === 'o') return [least(size.toString(8)), alternate ? '0o' : ''];
  if (lower === 'x') {
    const digits = least(size.toString(16));
    return type === 'x' ? [digits, alternate ? '0x' : ''] : [digits.toUpperCase(), alternate ? '0X' : ''];
  }
  const text = floatText(lower, size, Math.min(precision ?? 6, 100));
  return [lower === type ? text : text.toUpperCase(), ''];
}

function floatText(type: string, size: number, precision: number): string {
  if (type === 'f') return size < 1e21 ? size.toFixed(precision) : `${BigInt(size)}.${'0'.repeat(precision)}`;
  if (type === 'e') return twoDigitExponent(size.toExponential(precision));
  const digits = Math.max(precision, 1);
  const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1]);
  if (exponent < -4 || exponent >= digits) {
    return twoDigitExponent(size.toExponential(digits - 1).replace(/\.?0+(?=e)/, ''));
  }
  const fixed = size.toFixed(Math.max(digits - 1 - exponent, 0));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

function twoDigitExponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

function signOf({ flags }: Directive, negative: boolean): string {
  if (negative) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function pad({ flags, width }: Directive, prefix: string, digits: string, numeric = false): string {
  const size = Math.abs(width);
  if (flags.includes('-') || width < 0) return (prefix + digits).padEnd(size);
  if (numeric && flags.includes('0')) return prefix + digits.padStart(size - prefix.length, '0');
  return (prefix + digits).padStart(size);
}
