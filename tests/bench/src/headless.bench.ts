import { type Installation, startInstallation } from './installation.ts';
import { underLoad } from './loaded.ts';
import type { Measure } from './measure.ts';
import type { Part } from './part.ts';
import { createPeople, PASSWORD } from './people.ts';

const LANES = 8;
const LOG_IN = '/_allauth/app/v1/auth/login';
/** A hash that costs next to nothing: what is left is the API itself. */
const LIGHT = { POSTERN_PASSWORDS__MEMORY_KIB: '1024', POSTERN_PASSWORDS__PASSES: '1' };

/** Apps in which people sign in with a password by the headless API: one request each. */
export const headless: Part = {
  name: 'headless',
  async run(stage) {
    const usual = await signIns(await stage.installation(), await stage.people(), {
      name: 'headless sign-in with a password',
      least: 60,
    });
    const light = await startInstallation(stage.code, [], LIGHT);
    try {
      const name = 'headless sign-in, hashes at a lower cost';
      return [usual, await signIns(light, await createPeople(light), { name, least: 100 })];
    } finally {
      await light.stop();
    }
  },
};

async function signIns(
  installation: Installation,
  users: readonly string[],
  { name, least }: { readonly name: string; readonly least: number },
): Promise<Measure> {
  await liftLimits(installation);
  const headers = { 'content-type': 'application/json' };
  const requests = users.map((username) => {
    const body = JSON.stringify({ username, password: PASSWORD });
    return { method: 'POST', path: LOG_IN, headers, body };
  });
  const load = { journey: 'requests', options: { requests }, lanes: LANES, milliseconds: 4_000 } as const;
  const { rate, note } = await underLoad(installation, load);
  return { name, value: rate, unit: '/s', target: { least }, note };
}

/** All load comes from one address: how often it may sign in is not what is measured. */
async function liftLimits({ host, port, token }: Installation): Promise<void> {
  const answer = await fetch(`http://${host}:${port}/api/postern/v1/headless/settings/`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ rate_limits: { login: '', login_failed: '' } }),
  });
  if (!answer.ok) throw new Error(`lifting limits answered ${answer.status}: ${await answer.text()}`);
}
