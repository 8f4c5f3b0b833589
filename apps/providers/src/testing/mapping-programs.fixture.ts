/** Programs of mappings, run by the real engine. Groups stand in memory; nothing starts before a program is run. */

import { createExpressions, type GroupFacts } from '@postern/expressions';
import { createLogger } from '@postern/observability';
import { createMappingPrograms, type MappingHost } from '../property-mappings/index.ts';

/** Creates them. `told` collects the events that programs write. */
export function somePrograms(groups: readonly GroupFacts[] = []) {
  const told: { action: string; mapping: string }[] = [];
  const host: MappingHost = {
    hasDevice: async (_tenant, _user, deviceClass) => deviceClass === 'totp',
    callPolicy: async ({ name }) => ({ passing: name === 'open', messages: [] }),
    record: async ({ action, mapping }) => void told.push({ action, mapping }),
  };
  const people = { users: async () => new Map(), find: async () => undefined, groupsOf: async () => groups };
  const expressions = createExpressions({ log: createLogger({ level: 'silent' }) });
  return { ...createMappingPrograms({ expressions, people, host }), expressions, told };
}
