import { mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The long form of what is fuzzed, for `npm run fuzz`, which says the seed. */
const fuzz = mergeConfig(base, {
  test: { testTimeout: 3_600_000, hookTimeout: 120_000, provide: { fuzzSeed: Number(process.env.POSTERN_FUZZ_SEED) } },
});
fuzz.test.include = ['{apps,packages}/**/*.fuzz.fixture.ts'];

export default fuzz;
