import type { auth } from '@postern/proto';
import { asService } from '@postern/rpc';
import type { StageAccount } from '../stages/index.ts';
import type { HeadlessEngine } from './headless.parts.ts';
import type { Visit } from './headless.visit.ts';

/** By what people sign in. */
export type LoginMethod = 'username' | 'email' | 'phone';

const METHODS = ['username', 'email', 'phone'] as const satisfies readonly LoginMethod[];

/** Those that a tenant has. */
export function loginMethods({ login_methods }: auth.HeadlessSettings): readonly LoginMethod[] {
  return METHODS.filter((method) => login_methods.includes(method));
}

/** Finds whom somebody names; letters count the same in either case. An address is found whether it is the primary one or not. */
export async function findByMethod(
  engine: Pick<HeadlessEngine, 'accounts' | 'addresses' | 'phones'>,
  { tenant }: Pick<Visit, 'tenant'>,
  method: LoginMethod,
  value: string,
): Promise<StageAccount | undefined> {
  if (method === 'username')
    return engine.accounts.findByIdentifier(tenant, { fields: ['username'], value, ignoreCase: true });
  if (method === 'phone') {
    const number = await engine.phones.find(tenant, value);
    return number && engine.accounts.findByPk(tenant, number.user);
  }
  const { user } = await engine.addresses.findByVerifiedEmailAddress({ email: value }, asService(tenant));
  if (user) return engine.accounts.findByPk(tenant, user.pk);
  return engine.accounts.findByIdentifier(tenant, { fields: ['email'], value, ignoreCase: true });
}
