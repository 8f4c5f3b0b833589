import { expect, it } from 'vitest';
import { foldersOf } from './path-tree.tsx';

it('makes a tree of paths, folders between them included', () => {
  expect(foldersOf(['users', 'users/guests/2026', 'staff'])).toEqual([
    { path: 'staff', name: 'staff', folders: [] },
    {
      path: 'users',
      name: 'users',
      folders: [
        {
          path: 'users/guests',
          name: 'guests',
          folders: [{ path: 'users/guests/2026', name: '2026', folders: [] }],
        },
      ],
    },
  ]);
  expect(foldersOf([])).toEqual([]);
});
