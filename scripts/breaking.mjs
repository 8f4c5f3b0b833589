/** Whether the protos still speak with those who know the last release. */

import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { capture } from './run.mjs';

const PROTO = 'packages/proto';

/** Compares the protos with those of the last release tag (`v*`); before the first release, with the last commit, so that a break is noticed before it is committed. */
export async function protoBreaking() {
  const tag = await capture('git', ['describe', '--tags', '--abbrev=0', '--match=v*']);
  const base = tag.code === 0 ? tag.output.trim() : 'HEAD';
  const folder = mkdtempSync(join(tmpdir(), 'postern-protos-'));
  try {
    return await compare(base, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(base, folder) {
  const tar = join(folder, 'protos.tar');
  const archived = await capture('git', ['archive', '-o', tar, base, PROTO]);
  if (archived.code !== 0) return { code: 0, output: 'no earlier protos' };
  await capture('tar', ['-xf', tar, '-C', folder]);
  const before = join(folder, PROTO);
  // The vendored imports are generated and the same on both sides.
  if (existsSync(join(root, PROTO, 'third_party')))
    cpSync(join(root, PROTO, 'third_party'), join(before, 'third_party'), { recursive: true });
  const image = join(folder, 'before.binpb');
  const built = await capture('buf', ['build', '-o', image], { cwd: before });
  if (built.code !== 0) return { code: 0, output: built.output };
  const now = join(folder, 'now.binpb');
  const current = await capture('buf', ['build', '-o', now], { cwd: join(root, PROTO) });
  if (current.code !== 0) return current;
  const config = '{"version":"v2","breaking":{"use":["WIRE_JSON"]}}';
  return capture('buf', ['breaking', now, '--against', image, '--config', config], { cwd: folder });
}
