/** Where in a blueprint something is wrong. */
export type BlueprintPlace = {
  /** Place of the entry among the entries, from 0. */
  readonly entry?: number | undefined;
  /** Path of the field, such as `attrs.stages.0`. */
  readonly field?: string | undefined;
  /** Line of the document, from 1. */
  readonly line?: number | undefined;
};

/** A blueprint cannot be read, or cannot be applied as it stands: what is wrong, and where. The message is for people and holds no secret. */
export class BlueprintError extends Error implements BlueprintPlace {
  override readonly name = 'BlueprintError';
  readonly entry: number | undefined;
  readonly field: string | undefined;
  readonly line: number | undefined;

  constructor(message: string, { entry, field, line }: BlueprintPlace = {}) {
    super(message);
    this.entry = entry;
    this.field = field;
    this.line = line === 0 ? undefined : line;
  }

  /** The message with its place, on one line: `entry 3, attrs.name, line 17: This field is required.` */
  describe(): string {
    const place = [
      this.entry === undefined ? [] : `entry ${this.entry}`,
      this.field ?? [],
      this.line === undefined ? [] : `line ${this.line}`,
    ].flat();
    return place.length === 0 ? this.message : `${place.join(', ')}: ${this.message}`;
  }

  /** The same error at a place; what it knows already wins. */
  at(place: BlueprintPlace): BlueprintError {
    const { entry = place.entry, field = place.field, line = place.line } = this;
    return new BlueprintError(this.message, { entry, field, line });
  }
}
