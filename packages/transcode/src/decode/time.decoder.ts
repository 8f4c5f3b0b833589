import { texts } from '../field.texts.ts';
import { type Decoder, type Place, reject } from './decoder.ts';

const FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/** A moment in the contract's forms; without an offset it is UTC. Answers the RFC 3339 text that the codec takes. */
export function timeDecoder(place: Place): Decoder {
  const wrong = place === 'query' ? texts.filterDatetime : texts.datetime;
  return (raw, at, sink) => {
    const moment = typeof raw === 'string' ? momentOf(raw.trim()) : undefined;
    return moment ?? reject(sink, at, wrong);
  };
}

function momentOf(text: string): string | undefined {
  const [, day, minute, second = '00', fraction = '0', offset = 'Z'] = FORM.exec(text) ?? [];
  if (!day || !minute || day.startsWith('0000')) return undefined;
  const zone = /^z$/i.test(offset)
    ? 'Z'
    : offset.replace(/^([+-]\d{2}):?(\d{2})?$/, (_all, h, m) => `${h}:${m ?? '00'}`);
  const date = new Date(`${day}T${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  if (Number.isNaN(date.getTime()) || !isDay(day)) return undefined;
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : undefined;
}

/** `new Date` takes 30 February for 1 March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** Seconds with a trailing `s`, the JSON form of `google.protobuf.Duration`. */
export const decodeDuration: Decoder = (raw, at, sink) => {
  const [, sign, seconds, fraction = ''] =
    (typeof raw === 'string' && /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(raw)) || [];
  if (seconds === undefined) return reject(sink, at, texts.duration);
  const factor = sign ? -1 : 1;
  return { seconds: factor * Number(seconds), nanos: factor * Number(fraction.padEnd(9, '0')) };
};
