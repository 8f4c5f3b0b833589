import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, apiOf } from './api.client.ts';
import { FlowStopped, signIn } from './flow.client.ts';

/** What somebody who does a thing over and over was told. */
export type Ledger = {
  /** What was answered as done, by name. */
  readonly done: Map<string, number>;
  /** What may or may not have happened: the answer was a 503, or none came. */
  readonly unsure: Map<string, number>;
  /** Answers that nobody should get, such as a 500. */
  readonly odd: string[];
};

/** A stream of work that goes on until it is stopped. */
export type Stream = { readonly ledger: Ledger; stop(): Promise<void> };

const PATIENCE = 5_000;
const PAUSE = 50;

/** Signs these people in, one after the other and over again. */
export function streamOfSignIns(url: string, people: readonly string[], password: string): Stream {
  let turn = 0;
  return streamOf(async (ledger) => {
    const username = people[turn++ % people.length] ?? '';
    await attempt(ledger, username, async () => {
      await signIn({ url, username, password, patience: PATIENCE });
    });
  });
}

/** Creates users, and gives each that was created another name. */
export function streamOfUserWrites(url: string, token: string): Stream {
  const api = apiOf({ url, token, patience: PATIENCE });
  let count = 0;
  return streamOf(async (ledger) => {
    count += 1;
    const username = `written-${count}`;
    let pk: unknown;
    await attempt(ledger, username, async () => {
      ({ pk } = await demand(api, 'POST', '/core/users/', { username, name: 'before' }));
    });
    if (pk === undefined) return;
    await attempt(ledger, `${username} renamed`, async () => {
      await demand(api, 'PATCH', `/core/users/${pk}/`, { name: 'after' });
    });
  });
}

async function demand(api: Api, method: string, path: string, body: unknown) {
  const answer = await api.send(method, path, body);
  if (answer.status >= 300) throw new FlowStopped(answer.status, answer.text);
  return answer.body;
}

function streamOf(work: (ledger: Ledger) => Promise<void>): Stream {
  const ledger: Ledger = { done: new Map(), unsure: new Map(), odd: [] };
  let isOver = false;
  const run = async () => {
    while (!isOver) await work(ledger);
  };
  const running = run();
  return {
    ledger,
    async stop() {
      isOver = true;
      await running;
    },
  };
}

async function attempt({ done, unsure, odd }: Ledger, name: string, work: () => Promise<void>): Promise<void> {
  const count = (book: Map<string, number>) => book.set(name, (book.get(name) ?? 0) + 1);
  try {
    await work();
    count(done);
  } catch (error) {
    count(unsure);
    if (error instanceof FlowStopped && error.status !== 503) odd.push(`${name}: ${error.message}`);
    await sleep(PAUSE);
  }
}
