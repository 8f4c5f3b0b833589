/** One thing that is wrong with the settings. */
export type Problem = {
  /** Name of the environment variable. */
  name: string;
  /** What is wrong, without the value: it may be a secret. */
  message: string;
};

/** The process cannot start with these settings. The message names every variable that is wrong, one a line. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(['Settings are not valid:', ...problems.map(({ name, message }) => `  ${name}: ${message}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
