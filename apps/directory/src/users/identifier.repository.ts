import type { EntityManager } from '@postern/database';

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

/**
 * Finds the user whom an identifier names: by the first field that knows it. Undefined when none does, and when a field knows several: whoever
 * signs in must be certain. Usernames are unique as they are written: `alice` stays certain when a newcomer is called `ALICE`.
 */
export async function findByIdentifier(em: EntityManager, identifier: Identifier): Promise<number | undefined> {
  const { text, fields, isCaseSensitive } = identifier;
  if (text.includes('\0')) return undefined;
  for (const field of fields) {
    if (!isField(field)) continue;
    const { exact, folded } = COLUMNS[field];
    const condition = isCaseSensitive ? `${exact} = ?` : `${folded} = lower(?)`;
    const [first, second] = await em.execute<{ pk: number; as_written: boolean }[]>(
      `select pk, ${exact} = ? as as_written from user_account where ${condition} order by 2 desc limit 2`,
      [text, text],
    );
    if (!first) continue;
    const isSure = second === undefined || (field === 'username' && first.as_written && !second.as_written);
    return isSure ? first.pk : undefined;
  }
  return undefined;
}

function isField(field: string): field is keyof typeof COLUMNS {
  return Object.hasOwn(COLUMNS, field);
}
