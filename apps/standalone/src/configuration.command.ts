/** `postern export`, `import`, `plan` and `apply`: the configuration of a running installation, over HTTP. */

import { parseArgs } from 'node:util';
import type { Environment } from '@postern/config';
import { type ConfigurationClient, createConfigurationClient } from './configuration.client.ts';
import { type Document, readDocuments, readText, writeDocuments, writeSecrets } from './configuration.files.ts';
import { forPlan, readPictures, writePictures } from './configuration.pictures.ts';
import { describeLog, describeOutcome, type Outcome, summaryOf } from './configuration.printer.ts';
import { Refused } from './configuration.refusal.ts';

/** The commands, and what each takes. */
export const CONFIGURATION_USAGE = `       postern export [--out FILE|FOLDER] [--users] [--secrets FILE]
       postern import FILE|FOLDER... [--prune] [--secrets FILE] [--json]
       postern plan FILE|FOLDER... [--import] [--prune] [--secrets FILE] [--json]
       postern apply FILE|FOLDER... [--secrets FILE] [--json]
`;

const COMMANDS = { export: exportTo, import: importFrom, plan, apply } as const;

/** One of the commands. */
export type ConfigurationCommand = keyof typeof COMMANDS;

/** Whether there is such a command. */
export function isConfigurationCommand(name: string): name is ConfigurationCommand {
  return Object.hasOwn(COMMANDS, name);
}

type Work = {
  readonly client: ConfigurationClient;
  readonly paths: readonly string[];
  readonly passphrase: string;
  readonly options: ReturnType<typeof read>['values'];
  readonly say: (text: string) => void;
  readonly show: (text: string) => void;
};

/** Exit codes: nothing changes, something went wrong, something changes. */
const SAME = 0;
const FAILED = 1;
const CHANGED = 2;

/** Runs a command. Its exit code: 0 when all went well (and, of a plan, nothing would change), 2 when a plan would change something, 1 otherwise. */
export async function runConfiguration(
  name: ConfigurationCommand,
  args: readonly string[],
  env: Environment,
): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  try {
    const { values: options, positionals: paths } = read(args);
    if ((name === 'export') === paths.length > 0) throw new Refused(`Usage:\n${CONFIGURATION_USAGE.trimEnd()}`);
    const { POSTERN_URL: url = 'http://127.0.0.1:9000', POSTERN_TOKEN: token = '', POSTERN_PASSPHRASE = '' } = env;
    if (options.secrets !== undefined && POSTERN_PASSPHRASE === '')
      throw new Refused('Secrets are sealed under a passphrase: set POSTERN_PASSPHRASE, at least 12 characters.');
    const client = createConfigurationClient({ url, token });
    const show = (text: string) => void process.stdout.write(text);
    return await COMMANDS[name]({ client, paths, passphrase: POSTERN_PASSPHRASE, options, say, show });
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return FAILED;
  }
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      users: { type: 'boolean', default: false },
      secrets: { type: 'string' },
      import: { type: 'boolean', default: false },
      prune: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
}

async function exportTo({ client, options, passphrase, say, show }: Work): Promise<number> {
  const { out, users, secrets } = options;
  const split = out !== undefined && !/\.ya?ml$/.test(out);
  const exported = await client.export({ users, split, ...(secrets !== undefined && { passphrase }) });
  if (out === undefined) show(exported.documents.map(({ text }) => text).join(''));
  else await writeDocuments(out, split, exported.documents);
  if (out !== undefined && split) await writePictures(out, exported.pictures, client.picture);
  if (secrets !== undefined && exported.secrets !== '') await writeSecrets(secrets, exported.secrets);
  for (const remark of exported.remarks) say(remark);
  say(`Exported ${exported.objects} objects.`);
  return SAME;
}

async function requestOf({ options, passphrase }: Work, documents: readonly Document[], complete: boolean) {
  const secrets = options.secrets === undefined ? '' : await readText(options.secrets);
  const pictures = await readPictures(documents);
  return { documents, pictures, complete, secrets, passphrase: secrets === '' ? '' : passphrase };
}

async function plan(work: Work): Promise<number> {
  const { client, paths, options } = work;
  const request = await requestOf(work, await readDocuments(paths), options.import);
  const planned = await client.plan({ ...request, pictures: forPlan(request.pictures) });
  const outcome = options.prune ? await pruned(work, planned, true) : planned;
  report(work, outcome, 'Plan');
  if (outcome.status !== 'successful') return FAILED;
  return summaryOf(outcome).changes === 0 ? SAME : CHANGED;
}

async function apply(work: Work): Promise<number> {
  const outcome = await work.client.apply(await requestOf(work, await readDocuments(work.paths), false));
  report(work, outcome, 'Applied');
  return outcome.status === 'successful' ? SAME : FAILED;
}

/** Each file is applied for itself: all of it or nothing, the next one after it. */
async function importFrom(work: Work): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const document of await readDocuments(work.paths)) {
    outcomes.push(await work.client.apply(await requestOf(work, [document], true)));
    if (outcomes.at(-1)?.status !== 'successful') break;
  }
  const imported = joined(outcomes);
  const outcome = work.options.prune ? await pruned(work, imported, false) : imported;
  report(work, outcome, 'Imported');
  return outcome.status === 'successful' ? SAME : FAILED;
}

/** The outcome with what goes because the files do not name it. */
async function pruned({ client }: Work, outcome: Outcome, dryRun: boolean): Promise<Outcome> {
  const keep = outcome.changes.flatMap(({ model, pk, action }) =>
    pk === null || action === 'deleted' ? [] : { model, pk },
  );
  if (outcome.status !== 'successful' || keep.length === 0) return outcome;
  return joined([outcome, await client.prune({ keep, dry_run: dryRun })]);
}

function joined(outcomes: readonly Outcome[]): Outcome {
  return {
    status: outcomes.every(({ status }) => status === 'successful') ? 'successful' : 'error',
    logs: outcomes.flatMap(({ logs }) => logs),
    changes: outcomes.flatMap(({ changes }) => changes),
  };
}

function report({ options, say, show }: Work, outcome: Outcome, done: string): void {
  for (const log of outcome.logs) say(describeLog(log));
  const { changes, ...summary } = summaryOf(outcome);
  if (options.json) show(`${JSON.stringify({ ...outcome, summary }, null, 2)}\n`);
  else show(describeOutcome(outcome, done));
}
