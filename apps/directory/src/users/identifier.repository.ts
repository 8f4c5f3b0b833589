import { type Database, prepared, type TenantScope } from '@postern/database';
import { FACTS, type KnownUser } from './standing.repository.ts';

/** By what people name themselves at sign-in, and the columns that hold it: as written, and in lower case. */
const COLUMNS = {
  username: { exact: 'username', folded: 'username_key' },
  email: { exact: 'email', folded: 'email_key' },
  upn: { exact: 'upn', folded: 'upn_key' },
} as const;

/** What an identifier is compared with. */
export type Identifier = {
  readonly text: string;
  readonly fields: readonly string[];
  readonly isCaseSensitive: boolean;
};

/** A user whom an identifier names. */
type Named = KnownUser & { field: string; as_written: boolean };

/**
 * Finds the user whom an identifier names: by the first field that knows it. Undefined when none does, and when a field knows several: whoever
 * signs in must be certain. Usernames are unique as they are written: `alice` stays certain when a newcomer is called `ALICE`.
 */
export async function findByIdentifier(
  database: Pick<Database, 'statement'>,
  scope: TenantScope,
  { text, fields, isCaseSensitive }: Identifier,
): Promise<KnownUser | undefined> {
  const known = fields.filter(isField);
  if (text.includes('\0') || known.length === 0) return undefined;
  const questions = known.map((field) => namedBy(field, isCaseSensitive));
  const rows = await database.statement<Named>(
    scope,
    prepared(questions.join(' union all ')),
    known.flatMap(() => [text, text]),
  );
  const byField = Map.groupBy(rows, ({ field }) => field);
  const field = known.find((one) => byField.has(one));
  const [first, second] = field === undefined ? [] : (byField.get(field) ?? []);
  if (first === undefined) return undefined;
  const isSure = second === undefined || (field === 'username' && first.as_written && !second.as_written);
  if (!isSure) return undefined;
  const { field: _field, as_written: _written, ...facts } = first;
  return facts;
}

/** Two of those whom a field names: whether there are more does not matter. */
function namedBy(field: keyof typeof COLUMNS, isCaseSensitive: boolean): string {
  const { exact, folded } = COLUMNS[field];
  const condition = isCaseSensitive ? `${exact} = ?` : `${folded} = lower(?)`;
  return `(select '${field}' as field, ${exact} = ? as as_written, ${FACTS} from user_account where ${condition} order by 2 desc limit 2)`;
}

function isField(field: string): field is keyof typeof COLUMNS {
  return Object.hasOwn(COLUMNS, field);
}
