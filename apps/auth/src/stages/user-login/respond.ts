import { seconds } from '@postern/durations';
import { StageDenied, type StageOutcome, type StageVisit } from '../../plans/index.ts';
import type { StageSessions } from '../stage.ports.ts';
import type { UserLoginSettings } from './settings.ts';

/** Signs the pending user in, under a new session key. Somebody unknown, inactive or gone is refused. */
export function signIn(
  { settings, context, session, request }: StageVisit<UserLoginSettings>,
  sessions: Pick<StageSessions, 'issue'>,
  remember: boolean,
): StageOutcome {
  const user = context.pending_user;
  if (user?.kind !== 'account') return { kind: 'denied' };
  const lasts = seconds(settings.session_duration) + (remember ? seconds(settings.remember_me_offset) : 0);
  return {
    kind: 'passed',
    effect: async (tx) => {
      const grant = await sessions.issue(tx, {
        replaces: session,
        endsReplaced: request.requester !== undefined,
        account: user.pk,
        method: context.auth_method ?? 'password',
        methodArgs: context.auth_method_args ?? {},
        seconds: lasts,
        endOthers: settings.terminate_other_sessions,
        client: request.client,
      });
      if (grant === undefined) throw new StageDenied('Unknown error');
      return { session: grant };
    },
  };
}
