import type { EntityManager } from '@postern/database';

/** An administrator, as the directory names them. */
export type AdministratorUser = { readonly pk: number; readonly uuid: string; readonly username: string };

/** What somebody can prove themselves with. */
export type Hand = {
  readonly user: AdministratorUser;
  readonly hasPassword: boolean;
  /** Classes of their devices. */
  readonly devices: readonly string[];
};

const HANDS = `select asked.pk, exists (select from password where user_pk = asked.pk and retired is null) as password,
    array(select distinct class from device where user_pk = asked.pk and confirmed) as devices
  from unnest(?::int[]) as asked (pk)`;

/** What people of the transaction's tenant have. */
export async function handsOf(em: EntityManager, users: readonly AdministratorUser[]): Promise<readonly Hand[]> {
  const keys = `{${users.map(({ pk }) => pk).join(',')}}`;
  const rows = await em.execute<{ pk: number; password: boolean; devices: string[] }[]>(HANDS, [keys]);
  const found = new Map(rows.map((row) => [row.pk, row]));
  return users.map((user) => {
    const { password = false, devices = [] } = found.get(user.pk) ?? {};
    return { user, hasPassword: password, devices };
  });
}
