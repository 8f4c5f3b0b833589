import { createHash } from 'node:crypto';
import type { Environment } from '@postern/config';
import { TEST_SECRET } from '@postern/testkit';

/** Password of the administrator of every installation under test. */
export const ADMIN_PASSWORD = 'correct horse battery staple';

/** API token of the administrator of every installation under test; the same for all, as they are copies of one. */
export const ADMIN_TOKEN = createHash('sha256').update('the administrator’s token').digest('hex');

/** Settings of an installation that needs no set-up. */
export const BOOTSTRAP: Environment = {
  POSTERN_BOOTSTRAP_PASSWORD: ADMIN_PASSWORD,
  POSTERN_BOOTSTRAP_TOKEN: ADMIN_TOKEN,
  POSTERN_BOOTSTRAP_EMAIL: 'admin@example.com',
  POSTERN_SECRET_KEY: TEST_SECRET,
};
