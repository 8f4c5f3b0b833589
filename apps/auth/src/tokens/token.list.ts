import { boolean, custom, defineList, exact } from '@postern/database';
import { invalidField } from '@postern/errors';
import { Token } from './token.entity.ts';

/** What the list of tokens offers. */
export const tokenList = defineList({
  entity: Token,
  filters: {
    identifier: exact('identifier'),
    intent: exact('intent'),
    user_username: exact('user.username'),
    description: exact('description'),
    managed: exact('managed'),
    expiring: boolean('expiring'),
    expires: custom((value, parameter) => ({ expires: instant(value, parameter) })),
  },
  search: ['identifier', 'intent', 'user.username', 'description'],
  ordering: {
    pk: 'pk',
    identifier: 'identifier',
    intent: 'intent',
    user: 'user',
    user__username: 'user.username',
    description: 'description',
    expires: 'expires',
    expiring: 'expiring',
    managed: 'managed',
  },
  defaultOrder: ['identifier', 'expires'],
  counted: true,
});

function instant(value: unknown, parameter: string): Date {
  const time = new Date(String(value));
  if (Number.isNaN(time.getTime())) throw invalidField(parameter, 'Enter a valid date/time.');
  return time;
}
