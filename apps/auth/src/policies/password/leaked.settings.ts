import { type ConfigOf, defineConfig, flag, text } from '@postern/config';
import type { Egress } from '@postern/egress';
import { PolicyFailed } from '../policy.question.ts';
import { askForLeaked } from './leaked.client.ts';
import { leakedInFile, leakedInFolder } from './leaked.files.ts';
import type { LeakedPasswords } from './leaked.ts';

/** Where leaked passwords are looked up. */
export const LEAKED_SETTINGS = {
  enabled: flag(
    'Whether password policies may look up leaked passwords. Without, one that asks for it cannot be saved, and denies.',
    'true',
  ),
  url: text(
    'Service that is asked by the first five digits of the SHA-1 hash, if neither a file nor a folder is given.',
    'https://api.pwnedpasswords.com/range/',
  ),
  file: text('File with all SHA-1 hashes in order, lines of `<hash>:<count>`. Nothing is asked elsewhere.'),
  dir: text(
    'Folder with a file for each prefix of five digits, lines of `<rest>:<count>`. Nothing is asked elsewhere.',
  ),
};

const schema = defineConfig(LEAKED_SETTINGS);

/** Those settings, read. */
export type LeakedSettings = ConfigOf<typeof schema>;

/** Creates the way that the settings name. */
export function createLeakedPasswords(
  { enabled, url, file, dir }: LeakedSettings,
  egress: Pick<Egress, 'call'>,
): LeakedPasswords {
  if (!enabled) {
    const off = 'Leaked passwords are not looked up in this installation (POSTERN_HIBP__ENABLED).';
    return { off, count: () => Promise.reject(new PolicyFailed(off)) };
  }
  if (file) return leakedInFile(file);
  return dir ? leakedInFolder(dir) : askForLeaked({ egress, url });
}
