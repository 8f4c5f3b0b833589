/**
 * The interpreter's process: `runner <snapshot | serve> <json of its options>`. It starts behind the fence of its command line
 * (`../confinement.ts`), raises its own, loads Python, and then answers frame by frame, on one thread, without ever turning its event loop: no
 * timer, promise or socket that Python may have started goes on.
 */

import { createChannel } from './channel.ts';
import { createClock } from './clock.ts';
import { raiseFence } from './fence.ts';
import { FRAME } from './frames.ts';
import { loadPython, type PythonPlaces, takeSnapshot } from './python.ts';
import { serve } from './service.ts';

const DESCRIPTOR = 3;

/** Milliseconds of processor that this thread has used. */
function processorTime(): () => number {
  const usage = process.threadCpuUsage.bind(process);
  return () => {
    const { user, system } = usage();
    return (user + system) / 1_000;
  };
}

const [task, text = '{}'] = process.argv.slice(2);
const { memory, ...places }: PythonPlaces & { memory: number } = JSON.parse(text);
const exit = process.exit.bind(process);
const kill = process.kill.bind(process, process.pid, 'SIGKILL');
const channel = createChannel(DESCRIPTOR);
const end = () => {
  channel.write(FRAME.overrun, 0, '');
  kill();
};

// The host alone ends this process, or its absence: a signal to the whole group, as from a terminal, lets the host finish its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

try {
  raiseFence(memory);
  if (task === 'snapshot') {
    channel.write(FRAME.snapshot, 0, await takeSnapshot(places));
  } else {
    const clock = createClock({ now: performance.now.bind(performance), used: processorTime(), end });
    const python = await loadPython(places, clock);
    serve({ channel, clock, python });
  }
} catch (error) {
  channel.write(FRAME.broken, 0, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  exit(1);
}
exit(0);
