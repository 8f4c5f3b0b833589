import { expect, it } from 'vitest';
import { groupsOf } from './application-groups.tsx';
import { matching } from './application-search.tsx';
import type { Application } from './portal.client.ts';

const anApplication = (name: string, group: string): Application => ({
  pk: name,
  name,
  group,
  description: '',
  publisher: '',
  newTab: false,
});

it('puts groups in the order of their names, and what belongs to none at the end', () => {
  const [printers, wiki, board, mail] = [
    anApplication('Printers', ''),
    anApplication('Wiki', 'Knowledge'),
    anApplication('Board', 'Administration'),
    anApplication('Mail', 'Knowledge'),
  ] as const;
  expect(groupsOf([printers, wiki, board, mail])).toEqual([
    ['Administration', [board]],
    ['Knowledge', [wiki, mail]],
    ['', [printers]],
  ]);
});

it('finds applications by words of their name or group, in any order and case', () => {
  const [wiki, board] = [anApplication('Wiki', 'Knowledge'), anApplication('Board', 'Administration')];
  expect(matching([wiki, board], ' know WIKI ')).toEqual([wiki]);
  expect(matching([wiki, board], '')).toEqual([wiki, board]);
  expect(matching([wiki, board], 'wiki board')).toEqual([]);
});
