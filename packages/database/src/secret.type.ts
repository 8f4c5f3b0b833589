import { type Platform, p, Type } from '@mikro-orm/core';
import type { SecretBox } from './secret-box.ts';

/**
 * Which box serves which database: entities are declared before there is a key, and one process may hold several databases. The
 * mapper hands its platform to every conversion, so the box hangs on that.
 */
const boxes = new WeakMap<Platform, SecretBox>();

/** Gives a database's platform the box that its secret columns use. */
export function attachSecretBox(platform: Platform, box: SecretBox): void {
  boxes.set(platform, box);
}

/** A text that is encrypted in the table and plain in the entity. Plain rows of the query builder hold the encrypted form. */
export class SecretType extends Type<string, string> {
  /** Name that is sealed into every value. */
  readonly column: string;

  constructor(column: string) {
    super();
    this.column = column;
  }

  override convertToDatabaseValue(value: string, platform: Platform): string {
    return typeof value === 'string' ? boxOf(platform).seal(value, this.column) : value;
  }

  override convertToJSValue(value: string, platform: Platform): string {
    return typeof value === 'string' ? boxOf(platform).open(value, this.column) : value;
  }

  /** Two sealed forms of one text differ, so the unit of work compares what they open to. */
  override compareValues(a: string, b: string): boolean {
    if (a === b || !this.platform) return a === b;
    const box = boxOf(this.platform);
    return box.open(a, this.column) === box.open(b, this.column);
  }

  override ensureComparable(): boolean {
    return false;
  }

  override getColumnType(): string {
    return 'text';
  }
}

/**
 * A column that is encrypted at rest and hidden when the entity is serialized.
 *
 * @param column name that is sealed into every value, such as `oauth2_provider.client_secret`; it never changes
 */
export function secret(column: string) {
  return p.type(new SecretType(column)).$type<string, string>().hidden();
}

function boxOf(platform: Platform): SecretBox {
  const box = boxes.get(platform);
  if (!box) throw new Error('this database was connected without a secret');
  return box;
}
