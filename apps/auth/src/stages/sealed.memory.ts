import type { JsonObject } from '../plans/index.ts';
import type { StageSeal } from './stage.ports.ts';

/** A secret that a stage remembers in its step of the plan: it lies there sealed. */
export type SealedMemory = {
  seal(secret: string): JsonObject;
  /** The secret; undefined when there is none yet. */
  open(memory: JsonObject): string | undefined;
};

/** Keeps the secret of a stage, under a label that no other kind has. */
export function sealedIn({ seal, open }: StageSeal, label: string): SealedMemory {
  return {
    seal: (secret) => ({ sealed: seal(secret, label) }),
    open: ({ sealed }) => (typeof sealed === 'string' ? open(sealed, label) : undefined),
  };
}
