import { expect, it } from 'vitest';
import { decodeSession, inOrder, placeOf } from './session.ts';

const firefox = {
  uuid: 'a',
  current: false,
  user_agent: {
    device: { brand: '', family: 'Other', model: '' },
    os: { family: 'Linux', major: '' },
    user_agent: { family: 'Firefox', major: '142' },
    string: 'Mozilla/5.0',
  },
  geo_ip: null,
  last_ip: '192.0.2.7',
  last_user_agent: 'Mozilla/5.0',
  last_used: '2026-05-01T10:00:00Z',
};

it('says which browser on which system, and nothing of what is not known', () => {
  expect(decodeSession(firefox)).toMatchObject({ browser: 'Firefox 142', system: 'Linux', isPhone: false, city: '' });
  const script = { ...firefox, user_agent: { device: {}, os: { family: 'Other' }, user_agent: { family: 'Other' } } };
  expect(decodeSession(script)).toMatchObject({ browser: '', system: '' });
  expect(decodeSession(null)).toMatchObject({ uuid: '', current: false, browser: '' });
});

it('puts this session first, and then the one that was used last', () => {
  const session = (uuid: string, last_used: string, current = false) =>
    decodeSession({ ...firefox, uuid, last_used, current });
  const sessions = [
    session('old', '2026-04-01T10:00:00Z'),
    session('new', '2026-06-01T10:00:00Z'),
    session('this', '2026-05-01T10:00:00Z', true),
  ];
  expect(inOrder(sessions).map(({ uuid }) => uuid)).toEqual(['this', 'new', 'old']);
});

it('names the country in the language of the reader, and does without a place', () => {
  expect(placeOf({ city: 'Munich', country: 'DE' }, 'de')).toBe('Munich, Deutschland');
  expect(placeOf({ city: '', country: 'nowhere' }, 'en')).toBe('nowhere');
  expect(placeOf({ city: '', country: '' }, 'en')).toBe('');
});
