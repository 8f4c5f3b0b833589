import { ScalarType } from '@bufbuild/protobuf';
import { texts } from '../field.texts.ts';
import { type Decoder, type Place, reject } from './decoder.ts';

const INT32 = { min: -2_147_483_648, max: 2_147_483_647 };
const UINT32 = { min: 0, max: 4_294_967_295 };
const INT64 = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
const UINT64 = { min: 0, max: Number.MAX_SAFE_INTEGER };

const INTEGERS = new Map([
  [ScalarType.INT32, INT32],
  [ScalarType.SINT32, INT32],
  [ScalarType.SFIXED32, INT32],
  [ScalarType.UINT32, UINT32],
  [ScalarType.FIXED32, UINT32],
  [ScalarType.INT64, INT64],
  [ScalarType.SINT64, INT64],
  [ScalarType.SFIXED64, INT64],
  [ScalarType.UINT64, UINT64],
  [ScalarType.FIXED64, UINT64],
]);

/** The decoder of a scalar type, with the leniency of the contract: `"12"` is an integer and `"true"` a boolean. */
export function scalarDecoder(type: ScalarType, place: Place): Decoder {
  const range = INTEGERS.get(type);
  if (range) return integerDecoder(range, place);
  if (type === ScalarType.BOOL) return place === 'query' ? decodeFilterBoolean : decodeBoolean;
  if (type === ScalarType.BYTES) return decodeBytes;
  if (type === ScalarType.STRING) return decodeString;
  return numberDecoder(place);
}

const decodeString: Decoder = (raw, at, sink) => {
  if (typeof raw === 'number') return String(raw);
  if (typeof raw !== 'string') return reject(sink, at, texts.string);
  // PostgreSQL stores no NUL, and a lone surrogate has no UTF-8 form.
  if (raw.includes('\0')) return reject(sink, at, texts.nul);
  if (!raw.isWellFormed()) return reject(sink, at, texts.surrogate);
  return raw;
};

function integerDecoder({ min, max }: { min: number; max: number }, place: Place): Decoder {
  const wrong = place === 'query' ? texts.filterNumber : texts.integer;
  return (raw, at, sink) => {
    if (typeof raw === 'string' && raw.length > 1000) return reject(sink, at, texts.integerTooLong);
    const value = typeof raw === 'string' && /^\s*[+-]?\d+(\.0*)?\s*$/.test(raw) ? Number(raw) : raw;
    if (typeof value !== 'number' || !Number.isInteger(value)) return reject(sink, at, wrong);
    if (value > max) return reject(sink, at, `Ensure this value is less than or equal to ${max}.`);
    if (value < min) return reject(sink, at, `Ensure this value is greater than or equal to ${min}.`);
    return value;
  };
}

function numberDecoder(place: Place): Decoder {
  const wrong = place === 'query' ? texts.filterNumber : texts.number;
  return (raw, at, sink) => {
    const isText = typeof raw === 'string' && raw.length <= 1000 && raw.trim() !== '';
    const value = isText ? Number(raw) : raw;
    return typeof value === 'number' && Number.isFinite(value) ? value : reject(sink, at, wrong);
  };
}

const TRUE = new Set<unknown>([true, 1, 't', 'T', 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', '1']);
const FALSE = new Set<unknown>([false, 0, 'f', 'F', 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', '0']);

const decodeBoolean: Decoder = (raw, at, sink) => {
  if (TRUE.has(raw)) return true;
  return FALSE.has(raw) ? false : reject(sink, at, texts.boolean);
};

/** A filter with another text than true or false is not applied. */
const decodeFilterBoolean: Decoder = (raw) => {
  const text = String(raw).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** An uploaded file as it is, or base64 text in JSON. */
const decodeBytes: Decoder = (raw, at, sink) => {
  if (raw instanceof Uint8Array) return Buffer.from(raw);
  if (typeof raw !== 'string') return reject(sink, at, texts.notAFile);
  return BASE64.test(raw) ? Buffer.from(raw, 'base64') : reject(sink, at, texts.base64);
};
