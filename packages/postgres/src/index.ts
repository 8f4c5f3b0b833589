/** The embedded PostgreSQL and its supervisor. */

export { type Postgres, type PostgresLog, type PostgresOptions, startPostgres } from './start-postgres.ts';
