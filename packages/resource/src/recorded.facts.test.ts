import { events } from '@postern/proto';
import { expect, it } from 'vitest';
import { recordedFact } from './recorded.facts.ts';

const contextOf = (context: object) => {
  const { payload } = recordedFact('auth', { action: 'policy_exception', app: 'test', context: { ...context } });
  return events.EventRecorded.decode(payload).context;
};

it('tells an event in the words of the audit log, under the name of the service', () => {
  const { subject, type, payload } = recordedFact('auth', {
    action: 'policy_exception',
    app: 'test',
    context: { a: [1] },
  });
  expect({ subject, type }).toEqual({ subject: 'auth.v1.event.recorded', type: 'postern.events.v1.EventRecorded' });
  expect(events.EventRecorded.decode(payload)).toEqual({
    action: 'policy_exception',
    app: 'test',
    context: { a: [1] },
    user: undefined,
  });
});

it('cuts what is too deep or too large to travel, and never refuses it', () => {
  let deep: object = {};
  for (let depth = 0; depth < 200; depth++) deep = { deep };
  expect(JSON.stringify(contextOf({ deep }))).toContain('"..."');
  expect(contextOf({ message: 'x'.repeat(1_000_000), n: 1 })).toMatchObject({ cut: expect.any(String), n: 1 });
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key-${index}`, 'value']));
  expect(Object.keys(contextOf(wide) ?? {})).toEqual(['cut']);
});

it('takes what is no JSON by its text', () => {
  expect(contextOf({ at: new Date(0), big: 1n, gone: undefined })).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    big: '1',
  });
});
