/** What an application changed, or would change, as text for people: pure. */

/** A line about documents. */
export type Log = {
  readonly level: string;
  readonly message: string;
  readonly file: string;
  readonly entry: number | null;
  readonly field: string | null;
  readonly line: number | null;
};

/** What became of an object. */
export type Change = {
  readonly model: string;
  readonly pk: unknown;
  readonly title: string;
  readonly action: string;
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
};

/** How an application went. */
export type Outcome = {
  readonly status: string;
  readonly logs: readonly Log[];
  readonly changes: readonly Change[];
};

const MARKS: Readonly<Record<string, string>> = { created: '+', updated: '~', deleted: '-' };

/** A line with its place: `file.yaml:17: entry 3, attrs.name: This field is required.` */
export function describeLog({ message, file, entry, field, line }: Log): string {
  const place = [file, line].filter((part) => part !== null && part !== '').join(':');
  const where = [entry === null ? [] : `entry ${entry}`, field ?? []].flat().join(', ');
  return [place, where, message].filter((part) => part !== '').join(': ');
}

/** How many objects something happens to. */
export function summaryOf({ changes }: Outcome) {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  const [created, updated, deleted] = [count('created'), count('updated'), count('deleted')];
  return { created, updated, deleted, unchanged: count('unchanged'), changes: created + updated + deleted };
}

/** All that changes, field by field, and how much that is. */
export function describeOutcome(outcome: Outcome, done: string): string {
  const changed = outcome.changes.filter(({ action }) => Object.hasOwn(MARKS, action));
  const { created, updated, deleted, unchanged } = summaryOf(outcome);
  const counts = `${created} to create, ${updated} to change, ${deleted} to delete, ${unchanged} unchanged`;
  const past = `${created} created, ${updated} changed, ${deleted} deleted, ${unchanged} unchanged`;
  if (outcome.status !== 'successful') return `${done}: nothing, because of the faults above.\n`;
  return `${[...changed.map(describeChange), `${done}: ${done === 'Plan' ? counts : past}.`].join('\n')}\n`;
}

function describeChange({ model, title, action, fields }: Change): string {
  // Of some there is one, and it has no name.
  const head = `${MARKS[action]} ${model}${title === '' ? '' : ` ${shown(title)}`}`;
  const lines = fields.map(({ field, before, after }) =>
    action === 'created' ? `    ${field}: ${shown(after)}` : `    ${field}: ${shown(before)} -> ${shown(after)}`,
  );
  return [head, ...lines].join('\n');
}

/** A value on one line; nothing in it reaches the terminal as a command. */
function shown(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`);
}
