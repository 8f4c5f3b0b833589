import { describe, expect, it } from 'vitest';
import { avatarOf } from './avatar.ts';

const ada = {
  username: 'ada',
  name: 'Ada King Lovelace',
  email: 'Ada@example.com',
  attributes: { a: { b: '/pic.png' }, upn: 'a@b' },
};
const svg = (user: object) =>
  Buffer.from(avatarOf({ ...ada, ...user }, 'initials').split(',')[1] ?? '', 'base64').toString();

describe('the picture of a user', () => {
  it.each([
    ['none', '/static/dist/assets/images/user_default.png'],
    ['nonsense', '/static/dist/assets/images/user_default.png'],
    ['attributes.a.b', '/pic.png'],
    ['attributes.x,none', '/static/dist/assets/images/user_default.png'],
    ['https://pics/%(username)s?%(mail_hash)s&%(upn)s', 'https://pics/ada?0ad0bf9ca7cc0a98ea9c3f15d1ab7b3f&a%40b'],
  ])('by "%s" is %s', (modes, expected) => {
    const found = avatarOf(ada, modes);
    expect(found.replace(/[0-9a-f]{32}/, '#')).toBe(expected.replace(/[0-9a-f]{32}/, '#'));
  });

  it.each(['javascript:alert(1)', ' data:text/html,x', 'ja\nvascript:x', '', 5])(
    'is never the attribute %j',
    (picture) => {
      expect(avatarOf({ ...ada, attributes: { picture } }, 'attributes.picture')).toMatch(/^\/static/);
    },
  );

  it('may be an attribute that is the picture itself', () => {
    const picture = 'data:image/png;base64,AAAA';
    expect(avatarOf({ ...ada, attributes: { picture } }, 'attributes.picture')).toBe(picture);
  });

  it('of Gravatar is an address that nobody here asks; without an e-mail address the next way counts', () => {
    expect(avatarOf(ada, 'gravatar')).toMatch(/^https:\/\/secure\.gravatar\.com\/avatar\/[0-9a-f]{32}\?/);
    expect(avatarOf({ ...ada, email: '' }, 'gravatar,none')).toMatch(/^\/static/);
  });

  it('of initials takes the first and the last word, and draws no markup of the name', () => {
    expect(svg({})).toContain('>AL</text>');
    expect(svg({ name: 'ada' })).toContain('>AD</text>');
    expect(svg({ name: '', username: 'bob' })).toContain('>BO</text>');
    expect(svg({ name: '<script> &' })).toContain('>&lt;&amp;</text>');
    const fillOf = (username: string) => /fill="(.*?)"/.exec(svg({ name: '', username }))?.[1];
    expect(fillOf('bob')).not.toBe(fillOf('carol'));
    expect(svg({ name: '💥x' })).toContain('>💥X</text>');
  });
});
