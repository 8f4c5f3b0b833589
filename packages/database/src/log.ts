/** Where the database reports to; pino's loggers fit. */
export type DatabaseLog = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};
