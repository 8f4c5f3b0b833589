import { common, defineErrors } from '@postern/errors';
import { conformance } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import {
  aClient,
  aUser,
  from,
  nobody,
  OTHER_TENANT,
  refusal,
  type Suite,
  startSuites,
  TENANT,
} from './conformance.fixture.ts';
import { asService, type Call, createClient, createSealer, type Origin } from './index.ts';

const errors = defineErrors('conformance', {
  NOTE_TAKEN: {
    code: 'ALREADY_EXISTS',
    message: 'Note {title} exists — schon da.',
    field: 'note.title',
    doc: 'Taken.',
  },
});

describe.each(await startSuites())('over $transport', ({ suite }) => {
  /** Makes the next call and shows what its handler was given. */
  const seen = async (origin: Origin, options = {}): Promise<Call> => {
    const { promise, resolve } = Promise.withResolvers<Call>();
    suite.handlers.echo = async (request, call) => {
      resolve(call);
      return request;
    };
    await suite.client.public({}, origin, options);
    return promise;
  };

  describe('messages', () => {
    it('carries a message there and back', async () => {
      const message = { text: 'grüße', values: { a: 1, b: [null, { c: 'd' }] }, numbers: [1, -2] };
      expect(await suite.client.public(message, nobody)).toEqual(message);
    });

    it('never shares an object between caller and handler', async () => {
      const values = { list: [1] };
      const kept: conformance.Echo[] = [];
      suite.handlers.echo = async (request) => {
        kept.push(request);
        request.numbers.push(99);
        return request;
      };
      const numbers = [1];
      const answer = await suite.client.public({ values, numbers }, nobody);
      expect(numbers).toEqual([1]);
      answer.numbers.push(100);
      expect(kept[0]?.numbers).toEqual([1, 99]);
      expect(kept[0]?.values).not.toBe(values);
    });

    it('refuses bytes that are no message', async () => {
      const path = '/postern.conformance.v1.EchoService/CreateNote';
      const bytes = new Uint8Array([0x12, 0x7f, 0x01]);
      const reply = await suite.channel.unary(path, bytes, { metadata: new Map(), deadline: Date.now() + 5_000 });
      expect(reply.code).toBe(3);
    });

    it('answers UNIMPLEMENTED to an RPC that nobody serves', async () => {
      const other = createClient(conformance.UndeclaredServiceDefinition, suite.channel, {
        sealer: createSealer('x'.repeat(16)),
        service: 'tasks',
      });
      expect(await refusal(other.undeclared({}, { context: {} }))).toMatchObject({ code: 'UNIMPLEMENTED' });
    });
  });

  describe('errors', () => {
    it('brings an error of the catalogue back as the same error, without its cause', async () => {
      suite.handlers.echo = async () => {
        throw errors.NOTE_TAKEN({ title: 'x', tries: 3 }, { cause: new Error('duplicate key') });
      };
      const error = await refusal(suite.client.public({}, nobody));
      const expected = errors.NOTE_TAKEN({ title: 'x', tries: 3 });
      expect(error).toMatchObject({ ...expected, message: 'Note x exists — schon da.' });
      expect(errors.NOTE_TAKEN.is(error)).toBe(true);
      expect(error.cause).toBeUndefined();
    });

    it('hides an error that nobody foresaw and logs it once, under the request id', async () => {
      suite.handlers.echo = async () => {
        throw new TypeError('password=hunter2');
      };
      const error = await refusal(suite.client.public({}, from(undefined, aClient({ requestId: 'r-42' }))));
      expect(error).toMatchObject({
        code: 'INTERNAL',
        reason: 'INTERNAL',
        message: common.INTERNAL.message,
        metadata: {},
      });
      expect(suite.lines).toHaveLength(1);
      expect(suite.lines[0]).toContain('r-42');
      expect(suite.lines[0]).toContain('TypeError');
    });
  });

  describe('deadlines and cancellation', () => {
    const never: Suite['handlers']['echo'] = () => new Promise(() => {});

    it('answers DEADLINE_EXCEEDED although the handler never does', async () => {
      suite.handlers.echo = never;
      const error = await refusal(suite.client.public({}, nobody, { deadlineMs: 30 }));
      expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', reason: 'DEADLINE_EXCEEDED' });
    });

    it('tells the handler when its time is up', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      suite.handlers.echo = (_, call) => {
        call.signal.addEventListener('abort', () => resolve());
        return new Promise(() => {});
      };
      await refusal(suite.client.public({}, nobody, { deadlineMs: 30 }));
      await promise;
    });

    it('gives a call ten seconds when nothing is said', async () => {
      const { deadline } = await seen(nobody);
      expect(deadline - Date.now()).toBeGreaterThan(9_000);
      expect(deadline - Date.now()).toBeLessThanOrEqual(10_000);
    });

    it('tells the handler that the caller went away', async () => {
      const started = Promise.withResolvers<void>();
      const stopped = Promise.withResolvers<void>();
      suite.handlers.echo = (_, call) => {
        call.signal.addEventListener('abort', () => stopped.resolve());
        started.resolve();
        return new Promise(() => {});
      };
      const abort = new AbortController();
      const answer = refusal(suite.client.public({}, nobody, { signal: abort.signal }));
      await started.promise;
      abort.abort();
      expect(await answer).toMatchObject({ code: 'CANCELLED' });
      await stopped.promise;
    });

    it('does not start a call that was cancelled before', async () => {
      let isCalled = false;
      suite.handlers.echo = async (request) => {
        isCalled = true;
        return request;
      };
      expect(await refusal(suite.client.public({}, nobody, { signal: AbortSignal.abort() }))).toMatchObject({
        code: 'CANCELLED',
      });
      expect(isCalled).toBe(false);
    });
  });

  describe('callers', () => {
    it('refuses a principal that was signed with another key, tampered with, or made for something else', async () => {
      const stranger = createSealer('the key of somebody else');
      const good = stranger.sealPrincipal(aUser());
      const [head, , mac] = from(aUser()).context.principal?.split('.') ?? [];
      const forged = `${head}.${Buffer.from('{"expires":9999999999999}').toString('base64url')}.${mac}`;
      for (const principal of [good, forged, 'x', '', from().context.client]) {
        const error = await refusal(suite.client.public({}, { context: { principal } }));
        expect(error).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'CALLER_TOKEN_INVALID' });
      }
    });

    it('refuses an expired principal and an expired client', async () => {
      const past = createSealer('the secret key of the suite', { now: () => Date.now() - 3_600_000 });
      const principal = past.sealPrincipal(aUser());
      const client = past.sealClient(aClient());
      expect(await refusal(suite.client.public({}, { context: { principal } }))).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
      expect(await refusal(suite.client.public({}, { context: { client } }))).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    });

    it('refuses a principal of one tenant in a request to another', async () => {
      const mixed = from(aUser({ tenant: OTHER_TENANT }), aClient({ tenant: TENANT }));
      expect(await refusal(suite.client.public({}, mixed))).toMatchObject({ reason: 'CALLER_TOKEN_INVALID' });
    });

    it('tells the handler who calls and where the request came in', async () => {
      const { context } = await seen(from(aUser(), aClient({ path: '/api/v3/core/users/', requestId: 'r-1' })));
      expect(context).toEqual({
        tenant: TENANT,
        principal: aUser(),
        client: aClient({ path: '/api/v3/core/users/', requestId: 'r-1' }),
        requestId: 'r-1',
      });
    });

    it('calls nobody anonymous, of the tenant of the request', async () => {
      expect((await seen(nobody)).context).toMatchObject({
        tenant: TENANT,
        principal: { kind: 'anonymous', tenant: TENANT },
      });
      expect((await seen({ context: {} })).context).toMatchObject({ tenant: '', principal: { kind: 'anonymous' } });
    });

    it('carries a principal with a thousand permissions', async () => {
      const permissions = Array.from({ length: 1_000 }, (_, index) => `authentik_core.change_object_number_${index}`);
      const { context } = await seen(from(aUser({ permissions })));
      expect(context.principal).toMatchObject({ permissions });
    });

    it('passes on the caller and the deadline of a call that a handler makes', async () => {
      const outer = await seen(from(aUser()), { deadlineMs: 2_000 });
      const inner = await seen({ call: outer });
      expect(inner.context).toEqual(outer.context);
      // gRPC sends what is left, not the time of day: a few milliseconds are lost on the way.
      expect(inner.deadline - outer.deadline).toBeLessThan(100);
    });

    it('lets a service call as itself, the client going along', async () => {
      const outer = await seen(from(aUser(), aClient({ requestId: 'r-9' })));
      const { context } = await seen(asService(TENANT, outer));
      expect(context.principal).toEqual({ kind: 'service', tenant: TENANT, name: 'tasks' });
      expect(context.requestId).toBe('r-9');
      expect((await seen(asService(OTHER_TENANT, outer))).context.tenant).toBe(OTHER_TENANT);
    });

    it('hands over forwarded headers, also those that are not ASCII', async () => {
      const headers = { Authorization: 'Basic eA==', 'X-Name': 'Zoë' };
      expect((await seen({ context: { headers } })).headers).toEqual({ authorization: 'Basic eA==', 'x-name': 'Zoë' });
    });
  });
});
