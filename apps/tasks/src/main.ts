import { runMain } from '@postern/service';
import { tasks } from './app.ts';

await runMain({ manifests: [tasks] });
