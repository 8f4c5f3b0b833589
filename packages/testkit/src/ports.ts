import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports on 127.0.0.1 that are free, each another: all are held until the last is found. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const probe of probes) {
    if (!probe.listening) await once(probe, 'listening');
    const address = probe.address();
    if (address === null || typeof address === 'string') throw new Error('no free port was found');
    ports.push(address.port);
  }
  await Promise.all(
    probes.map(async (probe) => {
      probe.close();
      await once(probe, 'close');
    }),
  );
  return ports;
}
