import { auth, type directory } from '@postern/proto';
import type { Json } from '../events/index.ts';
import { type FactReader, reads } from './fact.reader.ts';
import { modelOf } from './model.facts.ts';

const SIGNALS = 'authentik.events.signals';
const TOKENS = 'authentik.core.api.tokens';
const MODELS = 'authentik.core.models';

/** A user as events name them. */
export function userOf({ pk, username, email }: Pick<directory.UserFacts, 'pk' | 'username' | 'email'>): Json {
  return { pk, email, username };
}

/** Nobody: somebody who has not said, or not proven, who they are. */
export const NOBODY: Json = { pk: 0, email: '', username: 'AnonymousUser' };

/** Facts about people signing in and out and about their secrets, by payload type. */
export const SIGN_IN_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.auth.v1.SessionCreated': reads(auth.SessionCreated, ({ user, method, method_args }) => ({
    action: 'login',
    app: SIGNALS,
    context: { auth_method: method, auth_method_args: method_args ?? {} },
    user: user && userOf(user),
  })),
  'postern.auth.v1.SessionEnded': reads(auth.SessionEnded, ({ user, reason }) =>
    reason === 'logout' ? { action: 'logout', app: SIGNALS, context: {}, user: user && userOf(user) } : undefined,
  ),
  'postern.auth.v1.SessionLoginFailed': reads(auth.SessionLoginFailed, ({ username, stage, ...failed }) => ({
    action: 'login_failed',
    app: SIGNALS,
    context: { username, ...tried(failed), stage: stage && modelOf(stage.model, stage.pk, stage.name) },
    user: NOBODY,
  })),
  'postern.auth.v1.PasswordSet': reads(auth.PasswordSet, ({ user }) => ({
    action: 'password_set',
    app: SIGNALS,
    context: {},
    user: user && userOf(user),
  })),
  'postern.auth.v1.UserWritten': reads(auth.UserWritten, ({ created, fields }) => ({
    action: 'user_write',
    app: SIGNALS,
    context: { created, fields },
  })),
  'postern.auth.v1.TokenViewed': reads(auth.TokenViewed, ({ pk, name }) => ({
    action: 'secret_view',
    app: TOKENS,
    context: { secret: modelOf('authentik_core.token', pk, name) },
  })),
  'postern.auth.v1.TokenRotated': reads(auth.TokenRotated, ({ pk, name, identifier }) => ({
    action: 'secret_rotate',
    app: MODELS,
    context: {
      token: modelOf('authentik_core.token', pk, name),
      message: `Token ${identifier}'s secret was rotated.`,
    },
  })),
};

/** What somebody tried to prove themselves with. */
function tried({
  password,
  device_class,
  details,
}: Pick<auth.SessionLoginFailed, 'password' | 'device_class' | 'details'>) {
  return device_class === '' ? { password } : { device_class, ...details };
}
