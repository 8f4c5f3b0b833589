import { type Constraints, type EntityManager, onConstraint } from '@postern/database';
import { emailAddressErrors } from './email-address.errors.ts';

/** An address of a user. */
export type EmailAddressRow = {
  readonly id: number;
  readonly email: string;
  readonly verified: boolean;
  readonly primary: boolean;
};

const COLUMNS = 'pk::float8 as id, email, verified, is_primary as "primary"';

const CONSTRAINTS: Constraints = {
  email_address__user_email: emailAddressErrors.EMAIL_ADDRESS_KNOWN,
  email_address__verified: emailAddressErrors.EMAIL_ADDRESS_TAKEN,
};

/** The addresses of a user, in the order in which they were added. */
export function addressesOf(em: EntityManager, user: number): Promise<EmailAddressRow[]> {
  const sql = `select ${COLUMNS} from email_address where user_pk = ? order by pk`;
  return em.execute<EmailAddressRow[]>(sql, [user]);
}

/** The address of a user, however its letters are cased. Throws EMAIL_ADDRESS_UNKNOWN. */
export async function getAddress(em: EntityManager, user: number, email: string): Promise<EmailAddressRow> {
  const [row] = await em.execute<EmailAddressRow[]>(
    `select ${COLUMNS} from email_address where user_pk = ? and email_key = lower(?)`,
    [user, email.replaceAll('\0', '')],
  );
  if (row === undefined) throw emailAddressErrors.EMAIL_ADDRESS_UNKNOWN();
  return row;
}

/** Stores an address. Throws EMAIL_ADDRESS_KNOWN, EMAIL_ADDRESS_TAKEN. */
export async function addAddress(em: EntityManager, user: number, email: string, verified: boolean): Promise<void> {
  await em
    .execute('insert into email_address (user_pk, email, verified) values (?, ?, ?)', [user, email, verified])
    .catch(onConstraint(CONSTRAINTS));
}

/** Notes that an address is read. Throws EMAIL_ADDRESS_TAKEN. */
export async function markVerified(em: EntityManager, user: number, email: string): Promise<void> {
  await em
    .execute('update email_address set verified = true where user_pk = ? and email_key = lower(?)', [user, email])
    .catch(onConstraint(CONSTRAINTS));
}

/** Removes an address that is not primary. */
export async function removeAddress(em: EntityManager, user: number, email: string): Promise<void> {
  await em.execute('delete from email_address where user_pk = ? and email_key = lower(?)', [user, email]);
}

/** Key of the user who showed that they read an address. */
export async function findReader(em: EntityManager, email: string): Promise<number | undefined> {
  const sql = 'select user_pk as pk from email_address where email_key = lower(?) and verified';
  return (await em.execute<{ pk: number }[]>(sql, [email.replaceAll('\0', '')]))[0]?.pk;
}
