import { expect, it } from 'vitest';
import { createLogger, type Logger, type LogLevel } from './index.ts';
import { prettyLine } from './line.ts';

function given(level: LogLevel = 'info'): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger({ level, service: 'auth', output: { write: (line) => lines.push(line) } }), lines };
}

it('hides secrets wherever they stand in the facts', () => {
  const { log, lines } = given();
  log.info(
    { headers: { Authorization: 'Bearer s3cret', cookie: 'a=s3cret' }, user: { password: 's3cret' } },
    'request',
  );
  log.info({ list: [{ client_secret: 's3cret' }], url: 'postgres://u:s3cret@db/x', token: 's3cret' }, 'more');
  expect(lines.join('')).not.toContain('s3cret');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ user: { password: '[redacted]' } });
});

it('hides secrets of a child logger as well', () => {
  const { log, lines } = given();
  log.child({ request: 'r1', access_token: 's3cret' }).warn('careful');
  expect(lines.join('')).not.toContain('s3cret');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', request: 'r1', msg: 'careful', service: 'auth' });
});

it('logs of an error its class, message, code and stack, and nothing it carries', () => {
  const { log, lines } = given();
  const err = Object.assign(new Error('no connection to postgres://u:s3cret@db'), {
    code: '08006',
    parameters: ['s3cret'],
  });
  log.error({ err }, 'failed');
  expect(lines[0]).not.toContain('s3cret');
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
    type: 'Error',
    code: '08006',
    message: expect.stringContaining('no connection'),
  });
});

it('keeps counts and flags about secrets', () => {
  const { log, lines } = given();
  log.info({ password_length: 12, has_secret: true }, 'set');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ password_length: 12, has_secret: true });
});

it('says nothing below its level', () => {
  const { log, lines } = given('warn');
  log.info('quiet');
  expect(lines).toEqual([]);
});

it('shows a person one line, with a stack below when there is one', () => {
  const json = {
    time: '2026-01-01T10:11:12.000Z',
    level: 'error',
    service: 'auth',
    msg: 'failed',
    user: 7,
    err: { stack: 'Error: x' },
  };
  const [head, stack] = prettyLine(JSON.stringify(json)).split('\n');
  expect(head).toMatch(/10:11:12.*error.*auth.*failed.*user=7/);
  expect(stack).toContain('Error: x');
});
