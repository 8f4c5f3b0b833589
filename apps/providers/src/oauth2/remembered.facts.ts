import type { EventBus } from '@postern/messaging';
import type { Clock } from './ports.ts';

/** What tells that facts have changed. */
export type News = { readonly bus: Pick<EventBus, 'tail' | 'onGap'>; readonly clock: Clock };

/** Answers with what is remembered of a key, or finds it out. What is not there is not remembered. */
export type Remembered<Key extends string | number, Value> = (
  tenant: string,
  key: Key,
  find: () => Promise<Value | undefined>,
) => Promise<Value | undefined>;

/** How long a neighbour's word is believed when no news comes through, in milliseconds: nobody is let in longer after they were turned away. */
const FRESH_MS = 1_000;
const CAPACITY = 10_000;

/** What is known, or is being asked: those who ask meanwhile wait for the same answer. */
type Known<Value> = {
  readonly value: Value | Promise<Value | undefined>;
  readonly until: number;
  readonly generation: number;
};

/**
 * Remembers facts of a neighbour for a second: every token asks for the same few. News that pass one of the filters drop all that is remembered of
 * their tenant, on every replica; what was asked before they came is not remembered.
 */
export function createRemembered<Key extends string | number, Value>(
  { bus, clock }: News,
  filters: readonly string[],
): Remembered<Key, Value> {
  const known = new Map<string, Known<Value>>();
  const generations = new Map<string, number>();
  const generationOf = (tenant: string) => generations.get(tenant) ?? 0;
  for (const filter of filters)
    bus.tail(filter, ({ tenant }) => {
      if (tenant === '') known.clear();
      generations.set(tenant, generationOf(tenant) + 1);
    });
  const markOf = (tenant: string) => generationOf(tenant) + generationOf('');
  bus.onGap(() => {
    known.clear();
    generations.set('', generationOf('') + 1);
  });

  async function ask(name: string, generation: number, markNow: () => number, find: () => Promise<Value | undefined>) {
    const until = clock.now().getTime() + FRESH_MS;
    const keep = (entry: Known<Value> | undefined) => {
      known.delete(name);
      const [oldest] = known.keys();
      if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
      if (entry) known.set(name, entry);
    };
    const asking = find();
    keep({ value: asking, until, generation });
    const value = await asking.catch((error: unknown) => {
      if (generation === markNow()) keep(undefined);
      throw error;
    });
    if (generation === markNow()) keep(value === undefined ? undefined : { value, until, generation });
    return value;
  }

  return async (tenant, key, find) => {
    const name = `${tenant} ${key}`;
    const generation = markOf(tenant);
    const found = known.get(name);
    if (found && found.until > clock.now().getTime() && found.generation === generation) return found.value;
    return ask(name, generation, () => markOf(tenant), find);
  };
}
