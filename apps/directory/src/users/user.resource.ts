import { referable } from '@postern/database';
import { User } from './user.entity.ts';

/** Model label of users. */
export const USER_MODEL = 'authentik_core.user';

/** Users, as others refer to them. */
export const userReferable = referable({
  model: USER_MODEL,
  type: 'postern.directory.v1.User',
  entity: User,
  title: ({ username }) => username,
});
