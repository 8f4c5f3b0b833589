import { join } from 'node:path';
import { bytes, text } from '@postern/config';

/** Settings of blueprints. */
export const BLUEPRINT_SETTINGS = {
  dir: text('Folder of blueprints that are found by themselves. Default: the one that comes with the installation.'),
  filesDir: text('Folder of the files that blueprints may read with `!File`. Without one they read none.'),
  maxSize: bytes('Largest blueprint, and largest file that one reads.', '1MiB'),
};

/** Where the blueprints lie that come with the installation: at the top of it, beside `apps`. */
export const INSTALLED_BLUEPRINTS = join(import.meta.dirname, '../../../../../blueprints');
