import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createExpressions,
  type Expression,
  type Expressions,
  mappingVariables,
  type UserFacts,
} from '@postern/expressions';
import { createLogger } from '@postern/observability';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';

const ROUNDS = 3_000;

const user: UserFacts = {
  pk: 7,
  uuid: 'b5ad7f0e-7d55-4a29-9d5f-7f7cf6d6c6f3',
  username: 'alice',
  name: 'Alice Liddell',
  email: 'alice@example.com',
  is_active: true,
  attributes: { department: 'Research' },
  groups: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    pk: name,
    name: `app-${name}`,
    is_superuser: false,
    attributes: {},
  })),
};

/** Five groups in, eight claims out. */
const code = `
return {
    "sub": user.uuid, "name": user.name, "email": user.email.lower(), "preferred_username": user.username,
    "groups": [group.name for group in user.ak_groups.all()],
    "roles": [regex_replace(group.name, "^app-", "") for group in user.ak_groups.filter(name__startswith="app-")],
    "department": user.attributes.get("department"), "locale": user.locale(),
}`;

/** What it costs to evaluate Python behind its fence: starting, and evaluating through the border of the process. */
export const expressions: Part = {
  name: 'expressions',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
    try {
      const first = await firstEvaluation(folder);
      const again = await firstEvaluation(folder);
      return [
        { name: 'expressions: very first, snapshot included', value: first, unit: 'ms' },
        { name: 'expressions: first of a process', value: again, unit: 'ms' },
        ...(await warm(folder)),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const mapping = (more: Partial<Expression> = {}): Expression => ({
  tenant: 'bench',
  name: 'claims',
  kind: 'mapping',
  code,
  variables: mappingVariables({ user }),
  ...more,
});

const anEngine = (cacheDir: string): Expressions =>
  createExpressions({ log: createLogger({ level: 'error' }), settings: { cacheDir, spare: 0 } });

async function firstEvaluation(folder: string): Promise<number> {
  const engine = anEngine(folder);
  const begin = performance.now();
  await engine.evaluate(mapping());
  const milliseconds = performance.now() - begin;
  await engine.close();
  return milliseconds;
}

async function warm(folder: string): Promise<Measure[]> {
  const engine = anEngine(folder);
  const functions = { ak_user_by: async () => null };
  const asking = 'return ak_user_by(username="x") is None';
  const alone = await samples(() => engine.evaluate(mapping()));
  const calling = await samples(() => engine.evaluate(mapping({ code: asking, functions })));
  let count = 0;
  const fresh = await samples(() => engine.evaluate(mapping({ code: `${code} # ${count++}` })));
  await engine.close();
  return [
    { ...lineOf('warm', alone), target: { most: 1 } },
    lineOf('warm, one call of the host', calling),
    lineOf('warm, code not seen before', fresh),
  ];
}

async function samples(work: () => Promise<unknown>): Promise<Float64Array> {
  const times = new Float64Array(ROUNDS);
  for (let n = -300; n < ROUNDS; n += 1) {
    const begin = performance.now();
    await work();
    if (n >= 0) times[n] = performance.now() - begin;
  }
  return times.sort();
}

function lineOf(name: string, sorted: Float64Array): Measure {
  const note = `p50 ${percentile(sorted, 0.5).toFixed(2)} ms, p99 ${percentile(sorted, 0.99).toFixed(2)} ms`;
  return { name: `expressions: ${name}, p95`, value: percentile(sorted, 0.95), unit: 'ms', note };
}
