import { randomUUID } from 'node:crypto';
import { defineConfig } from '@postern/config';
import { changeSetErrors, DEFAULT_TENANT } from '@postern/database';
import { createLogger } from '@postern/observability';
import { changes, conformance } from '@postern/proto';
import { type Call, type Client, inChangeSet } from '@postern/rpc';
import { TEST_SECRET, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { defineApp, migrationsOf, startProcess } from './index.ts';

type Echo = Client<typeof conformance.EchoServiceDefinition>;
type ChangeSets = Client<typeof changes.ChangeSetServiceDefinition>;

const database = {
  entities: [],
  migrations: [
    { name: 'test/0001-words', up: ['create table word (text text primary key)', 'grant all on word to public'] },
  ],
};

/** An app that keeps words, and counts them by calling itself. */
function wordsApp(onBuilt: (clients: { echo: Echo; changeSets: ChangeSets }) => void) {
  return defineApp({
    name: 'directory',
    settings: defineConfig({}),
    database,
    build({ database: db, client }) {
      const echo = client(conformance.EchoServiceDefinition, 'directory');
      onBuilt({ echo, changeSets: client(changes.ChangeSetServiceDefinition, 'directory') });
      const keep = ({ text }: conformance.Echo, call: Call) =>
        db.write(call.context, async (em) => {
          await em.execute('insert into word (text) values (?)', [text]);
          return echo.internal({}, { call });
        });
      const count = (_: unknown, call: Call) =>
        db.read(call.context, async (em) => {
          const words = await em.execute('select text from word');
          return conformance.Echo.fromPartial({ numbers: [words.length] });
        });
      const definition = conformance.EchoServiceDefinition;
      return { services: [{ definition, handlers: { ...all(count), public: keep } }] };
    },
  });
}

function all<Handler>(handler: Handler): Record<string, Handler> {
  return Object.fromEntries(Object.keys(conformance.EchoServiceDefinition.methods).map((name) => [name, handler]));
}

it('holds a change set for every app with data, in which an app sees its own calls, until it is told or stops', async () => {
  let clients: { echo: Echo; changeSets: ChangeSets } | undefined;
  const app = wordsApp((built) => {
    clients = built;
  });
  const { url, sql } = await testDatabase({ schema: 'directory', entities: [], migrations: migrationsOf(app) });
  const env = {
    POSTERN_SECRET_KEY: TEST_SECRET,
    POSTERN_DATABASE__URL: url,
    POSTERN_LISTEN__METRICS: '127.0.0.1:0',
    POSTERN_LISTEN__GRPC: '127.0.0.1:0',
  };
  const running = await startProcess({ manifests: [app], env, log: createLogger({ level: 'silent' }) });
  if (!clients) throw new Error('not built');
  const { echo, changeSets } = clients;
  const inSet = () => inChangeSet({ id: randomUUID(), tenant: DEFAULT_TENANT, vouched: [] });

  const set = inSet();
  await expect(echo.public({ text: 'early' }, set)).rejects.toSatisfy(changeSetErrors.CHANGE_SET_LOST.is);
  await changeSets.begin({}, set);
  expect((await echo.public({ text: 'one' }, set)).numbers).toEqual([1]);
  expect(await sql('select * from word')).toEqual([]);
  await changeSets.keep({}, set);
  await changeSets.commit({}, set);
  expect(await sql('select * from word')).toEqual([{ text: 'one' }]);

  const open = inSet();
  await changeSets.begin({}, open);
  await echo.public({ text: 'two' }, open);
  await running.stop();
  expect(await sql('select * from word')).toEqual([{ text: 'one' }]);
});
