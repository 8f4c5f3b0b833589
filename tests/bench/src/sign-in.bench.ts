import { hash, verify } from '@node-rs/argon2';
import type { Installation } from './installation.ts';
import { underLoad } from './loaded.ts';
import { type Measure, percentile, ratePerSecond } from './measure.ts';
import type { Part } from './part.ts';
import { PASSWORD, SIGN_IN } from './people.ts';

const LANES = 8;

/** People who sign in with a password: every request of the default flow, from the first challenge to the redirect. */
export const signIn: Part = {
  name: 'sign-in',
  async run(stage) {
    const installation = await stage.installation();
    const users = await stage.people();
    const options = { flow: SIGN_IN, users, password: PASSWORD, lanes: LANES };
    const value = await bareHashRate();
    const { rate, note } = await underLoad(installation, {
      journey: 'sign-in',
      options,
      lanes: LANES,
      milliseconds: 6_000,
    });
    return [
      {
        name: 'sign-in with a password',
        value: rate,
        unit: '/s',
        target: { least: 60 },
        baseline: { name: 'bare argon2id', value },
        note,
      },
      await firstChallenge(installation),
    ];
  },
};

/** Planning the flow for a visitor whom nothing is known of, up to the first challenge. */
async function firstChallenge(installation: Installation): Promise<Measure> {
  const requests = [{ method: 'GET', path: `/api/v3/flows/executor/${SIGN_IN}/?query=` }];
  const { result, note } = await underLoad(installation, { journey: 'requests', options: { requests }, lanes: 1 });
  return {
    name: 'plan of the flow and its first challenge, p95',
    value: percentile(result.latencies, 0.95),
    unit: 'ms',
    target: { most: 10 },
    note,
  };
}

/** Hashes per second of this machine, with the parameters that passwords are kept with. */
async function bareHashRate(): Promise<number> {
  const encoded = await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  return ratePerSecond(() => verify(encoded, PASSWORD), { lanes: LANES, milliseconds: 2_000 });
}
