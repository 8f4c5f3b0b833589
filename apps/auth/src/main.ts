import { runMain } from '@postern/service';
import { auth } from './index.ts';

await runMain({ manifests: [auth] });
