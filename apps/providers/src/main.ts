import { runMain } from '@postern/service';
import { providers } from './app.ts';

await runMain({ manifests: [providers] });
