import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRegistry, messageShape, operations, tasks as tasksApi } from '@postern/proto';
import { asService } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';
import { generateObjects, randomOf } from './generated-objects.fixture.ts';

const { running, me } = await servedBlueprints();
const configuration = running.client(tasksApi.BlueprintConfigurationServiceDefinition);
const registry = loadRegistry();
const PASSPHRASE = 'a long walk in the hills';
const PATIENCE = { deadlineMs: 120_000 };
const BUNDLED = join(import.meta.dirname, '../../../blueprints');

const exported = (origin = me, options: object = {}) => configuration.exportConfiguration(options, origin, PATIENCE);
const seed = Number(process.env.SEED ?? Date.now() % 1e6);

async function bundled(): Promise<{ name: string; text: string }[]> {
  const files = await readdir(BUNDLED, { recursive: true });
  const paths = files.filter((path) => path.endsWith('.yaml')).sort();
  return Promise.all(paths.map(async (name) => ({ name, text: await readFile(join(BUNDLED, name), 'utf8') })));
}

describe('an export', () => {
  it(`holds objects of every model, and comes back as the same bytes from another tenant (seed ${seed})`, async () => {
    const counts = await generateObjects({ running, registry, origin: me, random: randomOf(seed) }, 4);
    const { documents, secrets } = await exported(me, { passphrase: PASSPHRASE, users: true });
    const wanted = operations(registry)
      .filter(
        ({ method, output }) =>
          method.name.startsWith('Create') && messageShape(registry, output).identified_by.length > 0,
      )
      .map(({ output }) => output.name);
    expect(new Set(counts.keys())).toEqual(new Set(wanted));
    const other = asService(randomUUID());
    const outcome = await configuration.applyDocuments(
      { documents, secrets, passphrase: PASSPHRASE, complete: true },
      other,
      PATIENCE,
    );
    expect(outcome.logs).toEqual([]);
    const again = await exported(other, { users: true });
    expect(again.documents).toEqual(documents);
    const plan = await configuration.planDocuments({ documents, complete: true }, me, PATIENCE);
    expect(plan.logs).toEqual([]);
    expect(plan.changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
  }, 120_000);
});
