import { type JsonObject, textAt } from '../attributes/index.ts';

/** The two parts of a name. */
export type PersonName = { readonly first: string; readonly last: string };

const GIVEN = 'given_name';
const FAMILY = 'family_name';

/** The parts as their owner wrote them, unless somebody changed the whole since: then what comes before the first space, and the rest. */
export function nameOf({ name, attributes }: { readonly name: string; readonly attributes: JsonObject }): PersonName {
  const [first, last] = [textAt(attributes, GIVEN), textAt(attributes, FAMILY)];
  if (wholeOf({ first, last }) === name) return { first, last };
  const [, before = name, after = ''] = /^(\S+)\s+(.*)$/s.exec(name) ?? [];
  return { first: before, last: after };
}

/** The name, and the attributes that remember its parts. */
export function withName<User extends { name: string; attributes: JsonObject }>(user: User, name: PersonName): void {
  user.name = wholeOf(name);
  user.attributes = { ...user.attributes, [GIVEN]: name.first, [FAMILY]: name.last };
}

function wholeOf({ first, last }: PersonName): string {
  return `${first} ${last}`.trim();
}
