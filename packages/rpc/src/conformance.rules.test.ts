import { common, type PosternError } from '@postern/errors';
import { describe, expect, it } from 'vitest';
import { aUser, from, nobody, refusal, startSuites, TENANT } from './conformance.fixture.ts';
import type { Call, Principal, ReceivedHead } from './index.ts';

describe.each(await startSuites())('over $transport', ({ suite }) => {
  describe('access', () => {
    const anonymous: Principal = { kind: 'anonymous', tenant: TENANT };
    const service: Principal = { kind: 'service', tenant: TENANT, name: 'auth' };
    const holder = aUser({ permissions: ['postern_conformance.view_note'] });
    const superuser = aUser({ superuser: true });
    const browser = aUser({ via: 'session', session: 's' });
    const REFUSED = 'PERMISSION_DENIED';
    const callers = { anonymous, user: aUser(), browser, holder, superuser, service };
    const table = [
      ['public', { anonymous: 'OK', user: 'OK', browser: 'OK', holder: 'OK', superuser: 'OK', service: 'OK' }],
      [
        'authenticated',
        { anonymous: 'UNAUTHENTICATED', user: 'OK', browser: 'OK', holder: 'OK', superuser: 'OK', service: 'OK' },
      ],
      [
        'session',
        {
          anonymous: 'UNAUTHENTICATED',
          user: REFUSED,
          browser: 'OK',
          holder: REFUSED,
          superuser: REFUSED,
          service: REFUSED,
        },
      ],
      [
        'superuser',
        {
          anonymous: 'UNAUTHENTICATED',
          user: REFUSED,
          browser: REFUSED,
          holder: REFUSED,
          superuser: 'OK',
          service: 'OK',
        },
      ],
      [
        'internal',
        {
          anonymous: 'UNAUTHENTICATED',
          user: REFUSED,
          browser: REFUSED,
          holder: REFUSED,
          superuser: REFUSED,
          service: 'OK',
        },
      ],
      [
        'permission',
        { anonymous: 'UNAUTHENTICATED', user: REFUSED, browser: REFUSED, holder: 'OK', superuser: 'OK', service: 'OK' },
      ],
    ] as const;

    it.each(table)('lets through an RPC that is %s whom the rule names', async (rpc, expected) => {
      const outcomes: Record<string, string> = {};
      for (const [name, principal] of Object.entries(callers)) {
        const call = suite.client[rpc]({}, from(principal));
        outcomes[name] = await call.then(
          () => 'OK',
          (error: PosternError) => error.code,
        );
      }
      expect(outcomes).toEqual(expected);
    });
  });

  describe('validation', () => {
    const KEY = '0198a6f0-0000-7000-8000-0000000000aa';

    it('names every field that breaks a rule, with the rule and its limits', async () => {
      const note = {
        title: 'much too long a title',
        colour: 'blue',
        weight: 101,
        parts: [{ name: 'ok' }, { name: 'too long' }],
      };
      const error = await refusal(suite.client.createNote(note, nobody));
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_FIELDS', metadata: {} });
      expect(error.violations).toEqual([
        {
          field: 'title',
          reason: 'string.max_len',
          description: expect.any(String),
          limits: { min_len: '1', max_len: '10' },
        },
        expect.objectContaining({ field: 'colour', reason: 'string.in' }),
        { field: 'weight', reason: 'int32.gte_lte', description: expect.any(String), limits: { gte: '0', lte: '100' } },
        { field: 'parts.1.name', reason: 'string.max_len', description: expect.any(String), limits: { max_len: '5' } },
      ]);
    });

    it('does not ask the caller for what only the server fills in', async () => {
      expect(await suite.client.createNote({ title: 'ok' }, nobody)).toMatchObject({ title: 'ok', pk: '' });
    });

    it('checks the whole resource when there is no mask, or a star', async () => {
      for (const update_mask of [undefined, ['*']]) {
        const error = await refusal(suite.client.updateNote({ key: KEY, note: { weight: 500 }, update_mask }, nobody));
        expect(error.violations.map(({ field }) => field)).toEqual(['note.title', 'note.weight']);
      }
    });

    it('checks only what the mask names, and what lies beside the resource', async () => {
      const note = { weight: 500 };
      const error = await refusal(suite.client.updateNote({ key: 'no uuid', note, update_mask: ['weight'] }, nobody));
      expect(error.violations.map(({ field }) => field)).toEqual(['key', 'note.weight']);
      expect(
        await suite.client.updateNote({ key: KEY, note: { weight: 5 }, update_mask: ['weight'] }, nobody),
      ).toMatchObject({ weight: 5 });
      expect(await suite.client.updateNote({ key: KEY, note, update_mask: [] }, nobody)).toMatchObject({ weight: 500 });
    });
  });

  describe('the head of the HTTP answer', () => {
    const head = async (work: (call: Call) => void | Promise<void>): Promise<ReceivedHead | undefined> => {
      let received: ReceivedHead | undefined;
      suite.handlers.echo = async (request, call) => {
        await work(call);
        return request;
      };
      const onHead = (head: ReceivedHead) => {
        received = head;
      };
      await suite.client.public({}, nobody, { onHead }).catch(() => undefined);
      return received;
    };

    it('is empty unless the handler says something', async () => {
      expect(await head(() => {})).toEqual({ headers: [], cookies: [] });
    });

    it('carries status, headers, cookies and redirects', async () => {
      const cookie = { name: 'a', value: 'b; ü', httpOnly: true, sameSite: 'lax', maxAge: 0 } as const;
      const received = await head(({ response }) => {
        response.header('x-note', 'Zoë');
        response.header('x-note', 'again: yes');
        response.cookie(cookie);
        response.redirect('https://rp.example.com/cb?code=1');
      });
      const headers = [
        ['x-note', 'Zoë'],
        ['x-note', 'again: yes'],
        ['location', 'https://rp.example.com/cb?code=1'],
      ];
      expect(received).toEqual({ status: 302, headers, cookies: [cookie] });
    });

    it('comes with errors, too', async () => {
      const received = await head(({ response }) => {
        response.header('www-authenticate', 'Bearer');
        throw common.UNAUTHENTICATED();
      });
      expect(received?.headers).toEqual([['www-authenticate', 'Bearer']]);
    });
  });
});
