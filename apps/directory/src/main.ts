/** The directory alone: gRPC, and events over NATS. */

import { runMain } from '@postern/service';
import { directory } from './app.ts';

await runMain({ manifests: [directory] });
