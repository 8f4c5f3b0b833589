import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Copies the data folder of a stopped installation into a folder that is there, with owners and modes: PostgreSQL wants its own. */
export async function copyInstallation(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', '--reflink=auto', `${from}/.`, to]);
}
