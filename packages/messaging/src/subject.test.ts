import { describe, expect, it } from 'vitest';
import { coveringFilter, matchesSubject, requireFilter, requireSubject } from './subject.ts';

describe('subjects', () => {
  it.each([
    'user.created',
    'directory.v1.user',
    'directory.v1.user.created.now',
    'Directory.v1.user.created',
    'a.1.b.c',
    '',
  ])('refuses %j as a subject', (subject) => expect(() => requireSubject(subject)).toThrow(TypeError));

  it.each(['', 'a..b', '>.a', 'a.b*', 'a b'])('refuses %j as a filter', (filter) => {
    expect(() => requireFilter(filter)).toThrow(TypeError);
  });

  it.each([
    ['directory.v1.user.created', true],
    ['directory.v1.user.*', true],
    ['*.v1.*.created', true],
    ['directory.>', true],
    ['>', true],
    ['directory.v1.user', false],
    ['directory.v1.user.created.>', false],
    ['directory.v1.group.*', false],
  ])('matches directory.v1.user.created with %s: %s', (filter, isMatch) => {
    expect(matchesSubject(filter, 'directory.v1.user.created')).toBe(isMatch);
  });

  it.each([
    [['a.v1.b.c'], 'a.v1.b.c'],
    [['a.v1.b.c', 'a.v1.b.d'], 'a.v1.b.*'],
    [['a.v1.b.c', 'a.v1.d.e'], 'a.v1.*.*'],
    [['a.v1.b.c', 'b.v1.b.c'], '*.v1.b.c'],
    [['a.v1.b.c', 'a.v1.>'], 'a.v1.>'],
    [['a.v1.>', 'a.v1.b.c'], 'a.v1.>'],
    [['a.v1.b.c', '>'], '>'],
  ])('covers %j with %s', (filters, covering) => {
    expect(coveringFilter(filters)).toBe(covering);
    expect(coveringFilter([covering, ...filters])).toBe(covering);
  });
});
