import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createEgress, createReach } from './index.ts';

const servers: Server[] = [];

/** A server that answers so, and where. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fenced = createEgress({ allow: [] });
const egress = createEgress({ allow: ['127.0.0.0/8'] });

afterAll(async () => {
  await Promise.all([fenced.close(), egress.close()]);
  for (const server of servers) server.close().closeAllConnections();
});

describe('addresses that may be called', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::10.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'not an address',
  ])('%s is not', (address) => expect(createReach([]).allows(address)).toBe(false));

  it.each(['8.8.8.8', '2606:4700:4700::1111'])('%s is', (address) =>
    expect(createReach([]).allows(address)).toBe(true),
  );

  it('are more when an operator allows them', () => {
    const reach = createReach(['10.0.0.0/8', 'fd00::/8', '192.168.1.1']);
    expect(['10.9.9.9', '::ffff:10.0.0.1', 'fd12::1', '192.168.1.1'].every((one) => reach.allows(one))).toBe(true);
    expect(reach.allows('192.168.1.2')).toBe(false);
  });
});

describe('a call', () => {
  it.each([
    ['http://127.0.0.1:1/', 'internal_address'],
    ['http://[::1]:1/', 'internal_address'],
    ['http://[::ffff:127.0.0.1]:1/', 'internal_address'],
    ['http://2130706433:1/', 'internal_address'],
    ['http://0x7f.1:1/', 'internal_address'],
    ['http://localhost:1/', 'internal_address'],
    ['ftp://example.org/', 'bad_address'],
    ['file:///etc/passwd', 'bad_address'],
    ['nonsense', 'bad_address'],
  ])('to %s is refused', async (url, reason) => {
    await expect(fenced.call(url)).rejects.toMatchObject({ reason });
  });

  it('answers with status, headers and body', async () => {
    const origin = await serving((request, response) => {
      response.setHeader('x-seen', `${request.method} ${request.headers.authorization}`);
      response.statusCode = 418;
      request.pipe(response);
    });
    const url = origin.replace('//', '//ada:secret@');
    const answer = await egress.call(url, { method: 'POST', body: 'tea' });
    expect(answer.status).toBe(418);
    expect(answer.body.toString()).toBe('tea');
    expect(answer.headers['x-seen']).toBe(`POST Basic ${btoa('ada:secret')}`);
  });

  it('ends when the server hangs, sends too much, or is not there', async () => {
    const hanging = await serving(() => undefined);
    await expect(egress.call(hanging, { timeoutMs: 50 })).rejects.toMatchObject({ reason: 'timeout' });
    const dripping = await serving((_request, response) => response.write('x'));
    await expect(egress.call(dripping, { timeoutMs: 50 })).rejects.toMatchObject({ reason: 'timeout' });
    const endless = await serving((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    });
    await expect(egress.call(endless)).rejects.toMatchObject({ reason: 'too_large' });
    const beginning = await egress.call(endless, { maxBytes: 99, cutsBody: true });
    expect([beginning.status, beginning.body.length]).toEqual([200, 99]);
    const honest = await serving((_request, response) => response.end('x'.repeat(100)));
    await expect(egress.call(honest, { maxBytes: 99 })).rejects.toMatchObject({ reason: 'too_large' });
    await expect(egress.call('http://127.0.0.1:1/')).rejects.toMatchObject({ reason: 'unreachable' });
    const caller = new AbortController();
    const waiting = egress.call(hanging, { signal: caller.signal });
    caller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('follows redirects only when asked, each checked, and leaves credentials behind', async () => {
    const target = await serving((request, response) => response.end(String(request.headers.authorization)));
    const origin = await serving((request, response) => {
      const to = { '/other': target, '/same': '/final', '/inside': 'http://169.254.169.254/' }[request.url ?? ''];
      if (to === undefined) response.end(String(request.headers.authorization));
      else response.writeHead(307, { location: to }).end();
    });
    const headers = { authorization: 'Bearer key' };
    await expect(egress.call(`${origin}/other`)).rejects.toMatchObject({ reason: 'redirect' });
    const moved = await egress.call(`${origin}/other`, { headers, redirects: 1 });
    expect(moved.body.toString()).toBe('undefined');
    expect((await egress.call(`${origin}/same`, { headers, redirects: 1 })).body.toString()).toBe('Bearer key');
    await expect(egress.call(`${origin}/inside`, { redirects: 3 })).rejects.toMatchObject({
      reason: 'internal_address',
    });
  });
});
