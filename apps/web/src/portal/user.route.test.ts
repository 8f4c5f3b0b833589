import { expect, it } from 'vitest';
import { parseUserRoute, SECTIONS, settingsHref } from './user.route.ts';

const sectionOf = (hash: string) => parseUserRoute(hash);

it.each(['', '#/', '#/library', '#/settingsx', '#%E0%A4%A', '#/library;page-mfa'])(
  'shows the applications for %s',
  (hash) => {
    expect(parseUserRoute(hash)).toEqual({ page: 'portal' });
  },
);

it('finds every part by its own address, and the profile without one', () => {
  for (const section of SECTIONS) expect(sectionOf(settingsHref(section))).toEqual({ page: 'settings', section });
  for (const hash of ['#/settings', '#/settings/', '#/settings;', '#/settings;{broken', '#/settings;{"page":7}'])
    expect(sectionOf(hash)).toEqual({ page: 'settings', section: 'page-details' });
});

it('understands the links that others keep', () => {
  const links = {
    '#/settings;%7B%22page%22%3A%22page-tokens%22%7D': 'page-tokens',
    '#/settings;{"page":"page-sessions"}': 'page-sessions',
    '#/settings;page-password': 'page-mfa',
    '#/settings;page-my-company-sign-in': 'page-sources',
  };
  for (const [hash, section] of Object.entries(links)) expect(sectionOf(hash)).toEqual({ page: 'settings', section });
});
