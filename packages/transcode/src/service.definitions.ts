import * as proto from '@postern/proto';
import type { ServiceDefinition } from '@postern/rpc';

/** Every generated service definition, by full name. */
export function serviceDefinitions(): ReadonlyMap<string, ServiceDefinition> {
  const found = new Map<string, ServiceDefinition>();
  for (const namespace of Object.values(proto)) {
    if (typeof namespace !== 'object') continue;
    for (const member of Object.values(namespace)) if (isDefinition(member)) found.set(member.fullName, member);
  }
  return found;
}

function isDefinition(value: unknown): value is ServiceDefinition {
  return typeof value === 'object' && value !== null && 'fullName' in value && 'methods' in value;
}
