import { BlueprintError } from './blueprint.error.ts';
import { TAG_NAMES, type Tagged, type TaggedTag, type TagName } from './blueprint.ts';

/** What a tag takes: how many arguments, whether one may stand alone without a list, and how to say so. */
type Signature = { readonly from: number; readonly to: number; readonly alone: boolean; readonly usage: string };

const SIGNATURES: Readonly<Record<TagName, Signature>> = {
  KeyOf: { from: 1, to: 1, alone: true, usage: '!KeyOf id' },
  Find: { from: 2, to: 50, alone: false, usage: '!Find [model, [field, value], ...]' },
  Context: { from: 1, to: 2, alone: true, usage: '!Context key or !Context [key, default]' },
  Env: { from: 1, to: 2, alone: true, usage: '!Env NAME or !Env [NAME, default]' },
  File: { from: 1, to: 2, alone: true, usage: '!File path or !File [path, default]' },
  Format: { from: 1, to: Number.POSITIVE_INFINITY, alone: false, usage: '!Format [text, argument, ...]' },
  If: { from: 1, to: 3, alone: false, usage: '!If [condition] or !If [condition, when_true, when_false]' },
  Condition: { from: 2, to: Number.POSITIVE_INFINITY, alone: false, usage: '!Condition [MODE, value, ...]' },
  Enumerate: { from: 3, to: 3, alone: false, usage: '!Enumerate [iterable, SEQ or MAP, body]' },
  Index: { from: 1, to: 1, alone: true, usage: '!Index depth' },
  Value: { from: 1, to: 1, alone: true, usage: '!Value depth' },
};

const NAMES: ReadonlySet<string> = new Set(TAG_NAMES);

/** Whether a name is one of the tags. */
export function isTagName(name: string): name is TagName {
  return NAMES.has(name);
}

/** A tag of the document. Throws BlueprintError where the arguments do not fit. */
export function readTag(name: TagName, given: Tagged, line: number): TaggedTag {
  const { from, to, alone, usage } = SIGNATURES[name];
  const args = given.kind === 'list' ? given.items : [given];
  const fits = given.kind === 'list' || (alone && given.kind === 'scalar' && given.value !== '');
  const misuse = () => new BlueprintError(`!${name} is used as ${usage}.`, { line });
  if (!fits || args.length < from || args.length > to) throw misuse();
  if (name === 'If' && args.length === 2) throw misuse();
  if (name === 'Find' && !args.slice(1).every(isPair)) throw misuse();
  return { kind: 'tag', tag: name, args, line };
}

function isPair(condition: Tagged): boolean {
  return condition.kind === 'tag' || (condition.kind === 'list' && condition.items.length === 2);
}
