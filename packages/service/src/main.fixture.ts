/** The main of a test: an app that listens nowhere. */

import { defineConfig } from '@postern/config';
import { defineApp } from './manifest.ts';
import { runMain } from './run-main.ts';

const app = defineApp({ name: 'gateway', settings: defineConfig({}), build: () => ({}) });
await runMain({ manifests: [app] });
