import { texts } from '../field.texts.ts';
import { type Decoder, isObject, reject } from './decoder.ts';

// A generated decoder counts about three levels of its limit of 100 for each level of free-form JSON.
const MAX_DEPTH = 30;

/** A JSON object for `google.protobuf.Struct`. Forms and queries may carry it as text. */
export const decodeStruct: Decoder = (raw, at, sink) => {
  const value = typeof raw === 'string' ? parse(raw) : raw;
  if (!isObject(value)) return reject(sink, at, texts.dictionary);
  return checked(value, at, sink);
};

/** Any JSON value for `google.protobuf.Value`. */
export const decodeValue: Decoder = (raw, at, sink) => checked(raw, at, sink);

/** A JSON list for `google.protobuf.ListValue`. */
export const decodeListValue: Decoder = (raw, at, sink) => {
  const value = typeof raw === 'string' ? parse(raw) : raw;
  return Array.isArray(value) ? checked(value, at, sink) : reject(sink, at, texts.json);
};

function checked(value: unknown, at: string, sink: Parameters<Decoder>[2]): unknown {
  const fault = faultIn(value, 0);
  return fault ? reject(sink, at, fault) : value;
}

/** What the wire or the database could not hold; undefined when all is well. */
function faultIn(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return texts.json;
  if (typeof value === 'string') return textFault(value);
  // `1e400` is read as infinity, which would be kept as null.
  if (typeof value === 'number' && !Number.isFinite(value)) return texts.json;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const fault = textFault(key) ?? faultIn(member, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

function textFault(text: string): string | undefined {
  if (text.includes('\0')) return texts.nul;
  return text.isWellFormed() ? undefined : texts.surrogate;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
