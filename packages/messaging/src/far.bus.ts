import type { createNatsBus } from './nats.bus.ts';

/** Loads what creates the bus of services that run apart. Its libraries are of no use to a process that hosts everything. */
export async function loadNatsBus(): Promise<typeof createNatsBus> {
  return (await import('./nats.bus.ts')).createNatsBus;
}
