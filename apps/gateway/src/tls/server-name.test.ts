import { expect, it } from 'vitest';
import { serverNameOf } from './server-name.ts';

it.each([
  '',
  undefined,
  '10.0.0.1',
  '::1',
  '[::1]',
  'a b',
  'a..b',
  'a.example:9443',
  '*.example',
  `${'a.'.repeat(127)}long`,
  'x'.repeat(64),
])('asks nobody about %j', (named) => expect(serverNameOf(named)).toBe(''));

it.each([
  ['A.Example', 'a.example'],
  ['a.example.', 'a.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['under_score.example', 'under_score.example'],
  ['localhost', 'localhost'],
])('reads %s as %s', (named, name) => expect(serverNameOf(named)).toBe(name));
