import { fork } from 'node:child_process';
import { type Channel, createClient, grpcChannel } from '@postern/rpc';
import { firstMessage } from './child.ts';
import { aCaller, createHopServer, DEFINITION, sealer, USER } from './hop.fixture.ts';
import { type Measure, ratePerSecond } from './measure.ts';
import type { Part } from './part.ts';

const MS = 1_500;
const LANES = [1, 32] as const;
const { requestType, responseType } = DEFINITION.methods.getUser;

/** What it costs to ask another service, over both transports: client, chain of interceptors, and back. */
export const hop: Part = {
  name: 'hop',
  async run() {
    const codecs = await measure(async () => {
      requestType.decode(requestType.encode(requestType.fromPartial({ id: 7 })).finish());
      return responseType.decode(responseType.encode(USER).finish());
    });
    const memory = createHopServer();
    const near = memory.channel();
    const inMemory = await measure(callOver(near));
    near.close();
    await memory.close(0);
    const overGrpc = await withGrpc((channel) => measure(callOver(channel)));
    return LANES.flatMap((lanes, at) => [
      lineOf('in memory', lanes, inMemory[at] ?? 0, { name: 'codecs alone', value: codecs[at] ?? 0 }),
      lineOf('over gRPC', lanes, overGrpc[at] ?? 0, { name: 'in memory', value: inMemory[at] ?? 0 }),
    ]);
  },
};

function callOver(channel: Channel): () => Promise<unknown> {
  const client = createClient(DEFINITION, channel, { sealer, service: 'gateway' });
  const context = aCaller();
  return () => client.getUser({ id: 7 }, { context });
}

async function withGrpc<Result>(work: (channel: Channel) => Promise<Result>): Promise<Result> {
  const server = fork(new URL('hop.server.ts', import.meta.url));
  try {
    const port = await firstMessage<number>(server);
    const channel = grpcChannel(`127.0.0.1:${port}`);
    return await work(channel).finally(() => channel.close());
  } finally {
    server.kill();
  }
}

/** Calls per second on one lane and on many. */
async function measure(call: () => Promise<unknown>): Promise<number[]> {
  const rates: number[] = [];
  for (const lanes of LANES) {
    await ratePerSecond(call, { lanes, milliseconds: MS / 3 });
    rates.push(await ratePerSecond(call, { lanes, milliseconds: MS }));
  }
  return rates;
}

/** Alone, a call has a duration; many at once have a rate. */
function lineOf(transport: string, lanes: number, rate: number, baseline: { name: string; value: number }): Measure {
  const name = `hop ${transport}, ${lanes} at a time`;
  const { name: other, value } = baseline;
  if (lanes > 1) return { name, value: rate, unit: 'calls/s', baseline };
  return { name, value: 1e6 / rate, unit: 'µs', baseline: { name: other, value: 1e6 / value } };
}
