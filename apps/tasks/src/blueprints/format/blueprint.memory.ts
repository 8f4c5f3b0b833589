import { parseBlueprint } from './blueprint.parser.ts';
import type { Blueprint } from './blueprint.ts';
import type { Limits } from './limits.ts';

/** Reads blueprints, and remembers what it read last. */
export type BlueprintMemory = (text: string) => Blueprint;

const MOST = 100;
/** Characters of a text that is remembered: reading one that is larger takes little of the time that it takes to be applied. */
const LARGEST = 32_768;

/** Creates a memory: one file is applied to many tenants. What it answers is shared, and nobody changes it. Throws as `parseBlueprint` does. */
export function createBlueprintMemory(limits: Limits): BlueprintMemory {
  const known = new Map<string, Blueprint>();
  return (text) => {
    const blueprint = known.get(text) ?? parseBlueprint(text, limits);
    if (text.length > LARGEST) return blueprint;
    // The one that was asked for longest ago goes first.
    known.delete(text);
    known.set(text, blueprint);
    for (const oldest of known.keys()) {
      if (known.size <= MOST) break;
      known.delete(oldest);
    }
    return blueprint;
  };
}
