import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExpressionSettings } from './contract.ts';

const MIB = 1024 * 1024;
const LEAST_MEMORY = 64 * MIB;

/** The settings with their defaults. */
export function limitsOf(settings: ExpressionSettings) {
  const { softMs = 1_000, hardMs = 2 * softMs } = settings;
  return {
    cacheDir: settings.cacheDir === false ? undefined : (settings.cacheDir ?? ownFolder()),
    memory: Math.max(settings.memory ?? 192 * MIB, LEAST_MEMORY),
    softMs,
    hardMs: Math.max(hardMs, softMs),
    timeoutMs: settings.timeoutMs ?? 30_000,
    interpreters: Math.max(settings.interpreters ?? 2, 1),
    spare: settings.spare ?? 1,
    queue: settings.queue ?? 1_000,
    idleMs: settings.idleMs ?? 600_000,
  };
}

/** One for each user of the system, so that nobody has to share. */
function ownFolder(): string {
  return join(tmpdir(), `postern-python-${process.getuid?.() ?? 'cache'}`);
}
