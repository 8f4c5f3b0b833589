import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@postern/egress';
import { createLogger } from '@postern/observability';
import { testDatabase } from '@postern/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { createLatestVersionJob } from './latest-version.job.ts';
import { findLatestVersion, VERSION_MIGRATIONS } from './latest-version.repository.ts';
import { comesBefore } from './version.order.ts';

const { db } = await testDatabase({ schema: 'tasks', entities: [], migrations: VERSION_MIGRATIONS });
const egress = createEgress({ allow: ['127.0.0.0/8'] });
const answer = { status: 200, body: '' };
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.writeHead(answer.status).end(answer.body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/version.json`;
afterAll(async () => {
  await egress.close();
  server.close();
});

function run(to: string | undefined) {
  const job = createLatestVersionJob({ db, egress, address: to });
  const log = createLogger({ level: 'silent' });
  const { signal } = new AbortController();
  return job.run({}, { tenant: '', id: randomUUID(), attempt: 1, signal, log, progress: () => undefined });
}

describe('the latest version', () => {
  it('is asked of nobody unless the operator says whom', async () => {
    expect(await run(undefined)).toEqual({ messages: ['Version check disabled.'], status: 'warning' });
    expect(asked).toEqual([]);
    expect(await findLatestVersion(db)).toBeUndefined();
  });

  it.each([
    ['an error', { status: 500, body: '' }, 'answered 500'],
    ['no document', { status: 200, body: '<html>' }, 'JSON'],
    ['a document about something else', { status: 200, body: '{"stable": null}' }, 'names none'],
    ['no version', { status: 200, body: '{"stable": {"version": "<script>"}}' }, 'names none'],
    ['a document without end', { status: 200, body: `{"stable": "${'x'.repeat(100_000)}"}` }, ''],
  ])('is not taken from %s', async (_what, given, problem) => {
    Object.assign(answer, given);
    await expect(run(address)).rejects.toThrow(problem);
    expect(await findLatestVersion(db)).toBeUndefined();
  });

  it('is kept as the document names it, each time anew', async () => {
    for (const version of ['0.2.0', '0.3.0-rc.1']) {
      Object.assign(answer, { status: 200, body: JSON.stringify({ stable: { version } }) });
      expect(await run(address)).toEqual({ messages: ['Successfully updated latest Version'] });
      expect(await findLatestVersion(db)).toBe(version);
    }
  });
});

describe('a version', () => {
  it.each([
    ['0.1.0', '0.2.0'],
    ['0.9.0', '0.10.0'],
    ['1.0.0-rc.2', '1.0.0-rc.10'],
    ['1.0.0-rc.1', '1.0.0'],
  ])('comes in order: %s, then %s', (one, other) => {
    expect([comesBefore(one, other), comesBefore(other, one), comesBefore(one, one)]).toEqual([true, false, false]);
  });

  it('has no place before what is none', () => {
    expect([comesBefore('1.0.0', 'latest'), comesBefore('', '1.0.0')]).toEqual([false, false]);
  });
});
