import { bareHttpRate, underLoad } from './loaded.ts';
import type { Part } from './part.ts';
import { signedIn } from './people.ts';

const LANES = 32;

/** Requests of those who are signed in: what a page asks with its session cookie, and what a program asks with its API token. */
export const sessions: Part = {
  name: 'sessions',
  async run(stage) {
    const installation = await stage.installation();
    const [user = ''] = await stage.people();
    const cookie = await signedIn(installation, user, async (browser) => browser.cookie());
    const value = await bareHttpRate(LANES);
    const measure = async (name: string, headers: Readonly<Record<string, string>>) => {
      const requests = [{ method: 'GET', path: '/api/v3/core/users/me/', headers }];
      const { rate, note } = await underLoad(installation, {
        journey: 'requests',
        options: { requests },
        lanes: LANES,
      });
      return { name, value: rate, unit: '/s', baseline: { name: 'bare HTTP server', value }, note };
    };
    return [
      await measure('users/me with a session', { cookie }),
      await measure('users/me with an API token', { authorization: `Bearer ${installation.token}` }),
    ];
  },
};
