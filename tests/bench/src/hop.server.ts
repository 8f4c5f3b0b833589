/** The other end of a hop over the network: a process that tells its parent the port it serves on. */

import { createHopServer } from './hop.fixture.ts';

const port = await createHopServer().listen('127.0.0.1:0');
process.send?.(port);
process.once('disconnect', () => process.exit());
