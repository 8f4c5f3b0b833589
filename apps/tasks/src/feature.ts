import type { AppParts } from '@postern/service';

/** Puts the parts of features together: what each serves, hears and starts, in the order given; they stop in the opposite order. */
export function joinParts(features: readonly AppParts[]): AppParts {
  return {
    services: features.flatMap(({ services = [] }) => services),
    consumers: features.flatMap(({ consumers = [] }) => consumers),
    jobs: features.flatMap(({ jobs = [] }) => jobs),
    async seed(tenant, em) {
      for (const { seed } of features) await seed?.(tenant, em);
    },
    async forget(tenant, em) {
      for (const { forget } of features) await forget?.(tenant, em);
    },
    async start() {
      for (const { start } of features) await start?.();
    },
    async stop() {
      for (const { stop } of features.toReversed()) await stop?.();
    },
  };
}
