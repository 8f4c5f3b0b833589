/** Small readers for JSON of the wire: a value of another type counts as absent. */

export type Wire = Readonly<Record<string, unknown>>;

export function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wireOf(value: unknown): Wire {
  return isWire(value) ? value : {};
}

export function textOf(wire: Wire, key: string): string {
  const value = wire[key];
  return typeof value === 'string' ? value : '';
}

/** The text, or undefined when it is absent, null or empty. */
export function optionalText(wire: Wire, key: string): string | undefined {
  return textOf(wire, key) || undefined;
}

export function flagOf(wire: Wire, key: string): boolean {
  return wire[key] === true;
}

export function numberOf(wire: Wire, key: string): number {
  const value = wire[key];
  return typeof value === 'number' ? value : 0;
}

export function listOf<T>(wire: Wire, key: string, decode: (item: unknown) => T): readonly T[] {
  const value = wire[key];
  return Array.isArray(value) ? value.map((item: unknown) => decode(item)) : [];
}
