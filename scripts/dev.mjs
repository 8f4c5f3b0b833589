/** `npm run dev`: everything in one process from the sources, started anew when one changes. */

import { prepareSources } from './prepare.mjs';
import { runServer } from './run.mjs';

prepareSources();
process.exitCode = await runServer(
  [
    '--conditions=@postern/source',
    '--watch',
    '--watch-preserve-output',
    'apps/standalone/src/main.ts',
    ...process.argv.slice(2),
  ],
  // Without a mail server, mails are kept and shown at /-/mails/: docs/mail.md
  { env: { POSTERN_EMAIL__DEV_INBOX: process.env.POSTERN_EMAIL__DEV_INBOX ?? 'true' } },
);
