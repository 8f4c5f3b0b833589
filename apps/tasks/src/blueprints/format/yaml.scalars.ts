/**
 * Plain scalars as YAML 1.1 reads them, because the contract's blueprints are written for that: `yes` is true, `010` is eight, `1e3` is text. Dates and
 * times of day stay text: no field wants anything else.
 */

type Plain = string | number | boolean | null;

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUES = new Set(['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSES = new Set(['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const INTEGER = /^([-+]?)(?:0b([01_]+)|0x([0-9a-fA-F_]+)|0([0-7_]+)|(0|[1-9][0-9_]*))$/;
const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/;
const ENDLESS = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** What an unquoted scalar means. Throws RangeError for a number that JSON cannot hold. */
export function plainValue(source: string): Plain {
  if (NULLS.has(source)) return null;
  if (TRUES.has(source)) return true;
  if (FALSES.has(source)) return false;
  if (ENDLESS.test(source)) throw new RangeError(`${source} is not a number that can be stored`);
  return integer(source) ?? float(source) ?? source;
}

function integer(source: string): number | undefined {
  const found = INTEGER.exec(source);
  if (!found) return undefined;
  const [, sign, binary, hexadecimal, octal, decimal] = found;
  const value = digits(binary, 2) ?? digits(hexadecimal, 16) ?? digits(octal, 8) ?? digits(decimal, 10) ?? Number.NaN;
  if (Number.isNaN(value)) return undefined;
  if (!Number.isSafeInteger(value)) throw new RangeError(`${source.slice(0, 40)} is too large a number`);
  return sign === '-' && value !== 0 ? -value : value;
}

function digits(text: string | undefined, base: number): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text.replaceAll('_', ''), base);
}

function float(source: string): number | undefined {
  if (!FLOAT.test(source)) return undefined;
  const value = Number(source.replaceAll('_', ''));
  if (!Number.isFinite(value)) throw new RangeError(`${source.slice(0, 40)} is too large a number`);
  return Object.is(value, -0) ? 0 : value;
}
