/** What messaging reports: log lines and numbers. Both default to silence. */

/** The methods of a pino logger that messaging calls. */
export type MessagingLogger = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** Counters and gauges. `schema` names the app's schema, `consumer` the durable name. */
export type MessagingMetrics = {
  /** Events handed to the bus. */
  published(schema: string, count: number): void;
  /** A hand-over that failed and will be repeated. */
  publishFailed(schema: string): void;
  /** Seconds that the oldest event of the outbox has waited; 0 when it is empty. */
  lag(schema: string, seconds: number): void;
  /** An event handled, and how long its transaction took in seconds. */
  handled(consumer: string, seconds: number): void;
  /** An attempt that failed. */
  failed(consumer: string): void;
  /** An event given up. */
  buried(consumer: string): void;
};

const ignore = (): void => undefined;

export const silentLogger: MessagingLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export const noMetrics: MessagingMetrics = {
  published: ignore,
  publishFailed: ignore,
  lag: ignore,
  handled: ignore,
  failed: ignore,
  buried: ignore,
};
