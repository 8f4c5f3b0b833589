/** `npm run bench [-- part ...] [--sources] [--profile=<folder>] [--users=<number>]`: measures, and prints one table. */

import { resolve } from 'node:path';
import { directory } from './directory.bench.ts';
import { USERS } from './directory.rows.ts';
import { events } from './events.bench.ts';
import { expressions } from './expressions.bench.ts';
import { gateway } from './gateway.bench.ts';
import { grants } from './grants.bench.ts';
import { headless } from './headless.bench.ts';
import { hop } from './hop.bench.ts';
import { imports } from './imports.bench.ts';
import { type Installation, startInstallation } from './installation.ts';
import { jobs } from './jobs.bench.ts';
import { isOnTarget, type Measure } from './measure.ts';
import { oidc } from './oidc/oidc.bench.ts';
import type { Part, Stage } from './part.ts';
import { createPeople } from './people.ts';
import { roles } from './roles.bench.ts';
import { scrolling } from './scrolling.bench.ts';
import { sessions } from './sessions.bench.ts';
import { signIn } from './sign-in.bench.ts';
import { start } from './start.bench.ts';
import { tableOf } from './table.ts';
import { tenants } from './tenants.bench.ts';
import { tokens } from './tokens.bench.ts';
import { users } from './users.bench.ts';

const PARTS: readonly Part[] = [
  hop,
  gateway,
  signIn,
  headless,
  sessions,
  tokens,
  oidc,
  users,
  grants,
  start,
  roles,
  jobs,
  events,
  expressions,
  tenants,
  directory,
  scrolling,
  imports,
];

const args = process.argv.slice(2);
const names = args.filter((each) => !each.startsWith('--'));
const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
if (unknown.length > 0) {
  process.stderr.write(`No such part: ${unknown.join(', ')}. There are: ${PARTS.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

let started: Promise<Installation> | undefined;
let created: Promise<readonly string[]> | undefined;
const code = args.includes('--sources') ? 'sources' : 'built';
const given = (flag: string) => args.find((each) => each.startsWith(`${flag}=`))?.slice(flag.length + 1);
const profile = given('--profile');
const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`];
const stage: Stage = {
  code,
  users: Number(given('--users') ?? USERS),
  installation() {
    started ??= startInstallation(code, flags);
    return started;
  },
  people() {
    created ??= stage.installation().then((installation) => createPeople(installation));
    return created;
  },
};

const close = async () => {
  const open = started;
  started = undefined;
  await (await open?.catch(() => undefined))?.stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void close().finally(() => process.exit(130)));

const measures: Measure[] = [];
for (const part of PARTS.filter(({ name, isAsked }) => (names.length === 0 ? !isAsked : names.includes(name)))) {
  const begin = performance.now();
  process.stderr.write(`${part.name} ... `);
  try {
    measures.push(...(await part.run(stage)));
    process.stderr.write(`${((performance.now() - begin) / 1_000).toFixed(1)} s\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`failed: ${error instanceof Error ? error.stack : error}\n`);
  }
}
await close();
process.stdout.write(`\n${tableOf(measures)}`);
const missed = measures.filter((each) => isOnTarget(each) === false).length;
process.stdout.write(missed === 0 ? '\n' : `\n${missed} below what the design asks for.\n`);
