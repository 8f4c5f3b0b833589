import { runMain } from '@postern/service';
import { gatewayApp } from './app.ts';

await runMain({ manifests: [gatewayApp] });
