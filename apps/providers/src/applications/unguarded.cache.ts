import type { EventBus } from '@postern/messaging';

export type UnguardedDeps = {
  readonly bus: Pick<EventBus, 'tail' | 'onGap'>;
  readonly clock: { now(): Date };
};

/** Objects that no policy is bound to. */
export type Unguarded = {
  /** Whether nothing was bound to it a moment ago, and no news came since. */
  has(tenant: string, target: string): boolean;
  /** Call before asking; the answer remembers that nothing is bound, unless a binding changed meanwhile. */
  watch(tenant: string, target: string): () => void;
};

/** How long it is believed when no news comes through, in milliseconds. */
const FRESH_MS = 5_000;
const CAPACITY = 10_000;

/**
 * Remembers for seconds which objects no policy is bound to: most applications have none, and every token asks. A verdict of policies is never
 * remembered, since it hangs on the person, the hour and the request. Any change of a binding drops all of it, on every replica.
 */
export function createUnguarded({ bus, clock }: UnguardedDeps): Unguarded {
  const known = new Map<string, number>();
  let generation = 0;
  const drop = () => {
    generation += 1;
    known.clear();
  };
  bus.tail('auth.v1.policy_binding.>', drop);
  bus.onGap(drop);
  return {
    has: (tenant, target) => (known.get(`${tenant} ${target}`) ?? 0) > clock.now().getTime(),
    watch(tenant, target) {
      const asOf = generation;
      return () => {
        if (asOf !== generation) return;
        const [oldest] = known.keys();
        if (known.size >= CAPACITY && oldest !== undefined) known.delete(oldest);
        known.set(`${tenant} ${target}`, clock.now().getTime() + FRESH_MS);
      };
    },
  };
}
