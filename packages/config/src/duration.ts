const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const LONG_NAMES: Readonly<Record<string, string>> = {
  milliseconds: 'ms',
  seconds: 's',
  minutes: 'm',
  hours: 'h',
  days: 'd',
  weeks: 'w',
};

/**
 * A length of time in milliseconds. Understands `500ms`, `30s`, `5m`, `1h30m`, `14d`, `2w`, a bare number of seconds, and the long form
 * `hours=1;minutes=30`. Returns undefined for anything else.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  return text.includes('=') ? parseLong(text) : parseShort(text);
}

function parseShort(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * (MILLISECONDS[unit ?? ''] ?? 0);
  }
  return total;
}

function parseLong(text: string): number | undefined {
  let total = 0;
  for (const part of text.split(';').filter(Boolean)) {
    const [, name, amount] = /^\s*(\w+)=(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
    const factor = MILLISECONDS[LONG_NAMES[name ?? ''] ?? ''];
    if (factor === undefined) return undefined;
    total += Number(amount) * factor;
  }
  return total;
}
