const COLOURS: Readonly<Record<string, string>> = {
  trace: '\u001b[90m',
  debug: '\u001b[90m',
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
  fatal: '\u001b[31m',
};
const RESET = '\u001b[0m';
const GREY = '\u001b[90m';

/** A JSON log line as one line for a person at a terminal: time, level, service, message, the rest; a stack below. */
export function prettyLine(json: string): string {
  const { time, level, service, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const name = String(level);
  const facts = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const head = [
    `${GREY}${clock}${RESET}`,
    `${COLOURS[name] ?? ''}${name.padEnd(5)}${RESET}`,
    service === undefined ? '' : `${GREY}${String(service)}${RESET}`,
    String(msg ?? ''),
    facts.length === 0 ? '' : `${GREY}${facts.join(' ')}${RESET}`,
  ].filter(Boolean);
  return `${head.join(' ')}\n${stackOf(err)}`;
}

function stackOf(err: unknown): string {
  if (typeof err !== 'object' || err === null || !('stack' in err)) return '';
  return `${GREY}${String(err.stack)}${RESET}\n`;
}
