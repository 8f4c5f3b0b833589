import type { Installation } from './installation.ts';
import type { Measure } from './measure.ts';
import type { Code } from './platform.ts';

/** What the parts of a run share. */
export type Stage = {
  readonly code: Code;
  /** How many users parts fill a directory with that say so; a million, unless the run asks for fewer. */
  readonly users: number;
  /** One installation for all parts that need a running platform; started by the first of them. */
  installation(): Promise<Installation>;
  /** User names of people with a password; created by the first part that needs them. */
  people(): Promise<readonly string[]>;
};

/** A part of the benchmark, run alone by `npm run bench -- <name>`. */
export type Part = {
  readonly name: string;
  /** Runs only when its name is given. */
  readonly isAsked?: boolean;
  run(stage: Stage): Promise<Measure[]>;
};
