import { describe, expect, it } from 'vitest';
import { createPasswordProblems } from './password.rules.ts';
import { domainProblems, namesFor, usernameProblems } from './user.names.ts';

const passwordProblems = createPasswordProblems();

describe('rules of passwords', () => {
  const owner = { username: 'ada.lovelace', name: 'Augusta King', email: 'countess@example.com' };
  it.each([
    ['12345678', ['password_too_common', 'password_entirely_numeric']],
    ['12345', ['password_too_short', 'password_too_common', 'password_entirely_numeric']],
    ['PASSWORD', ['password_too_common']],
    ['Ada.Lovelace1', ['password_too_similar']],
    ['lovelace', ['password_too_similar', 'password_too_common']],
    ['xk', ['password_too_short']],
    ['x'.repeat(4097), ['max_length']],
    ['a long walk in the hills', []],
  ])('say of %j: %j', async (password, codes) => {
    expect((await passwordProblems(password, owner)).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['augusta1', 'The password is too similar to the first name.'],
    ['kingking', undefined],
    ['countess', 'The password is too similar to the email address.'],
  ])('say what %s is like', async (password, message) => {
    const [problem] = (await passwordProblems(password, owner)).filter(({ code }) => code === 'password_too_similar');
    expect(problem?.message).toBe(message);
    expect((await passwordProblems(password)).some(({ code }) => code === 'password_too_similar')).toBe(false);
  });
});

describe('rules of user names', () => {
  it.each([
    ['', ['invalid']],
    ['with space', ['invalid']],
    ['semi;colon', ['invalid']],
    ['x'.repeat(151), ['max_length']],
    ['Zoë.of+the@house_-1', []],
  ])('say of %j: %j', (username, codes) => {
    expect(usernameProblems(username).map(({ code }) => code)).toEqual(codes);
  });

  it('let only approved domains in, where there are any', () => {
    expect(domainProblems('ada@example.com', [])).toEqual([]);
    expect(domainProblems('Ada@EXAMPLE.com', ['@a.org', '@example.com'])).toEqual([]);
    for (const email of ['ada@example.com.evil', 'ada@notexample.com', 'ada@sub.example.com'])
      expect(domainProblems(email, ['@example.com'])).toHaveLength(1);
  });

  it('make names for whoever chose none, each another one', () => {
    const names = [...namesFor(['Zoë.K@example.com', 'x'], () => 0)];
    expect(names.slice(0, 2)).toEqual(['zoe.k', 'zoe.k00']);
    expect([...namesFor(['', '日本'], () => 0)][0]).toBe('user');
  });
});
