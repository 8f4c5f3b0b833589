/**
 * Mails a link, and lets on whoever opens it: in any browser, once, as the person the link was made for. The page says the same, in the same
 * time, whether somebody has that name or not, and whether a mail leaves or there were too many already.
 */

import { defineStage, fieldError, readSettings, type StageKind, type StageOutcome } from '../../plans/index.ts';
import { admitted, type EmailSending, sending } from './respond.ts';
import { emailSettings } from './settings.ts';

export { createLinkHost } from './link-host.ts';
export { type EmailSending, linkMailOf } from './respond.ts';
export { emailModel, emailSettings } from './settings.ts';

const WAITING: StageOutcome & { kind: 'challenge' } = {
  kind: 'challenge',
  challenge: { component: 'ak-stage-email', withUser: false, fields: {} },
};

/** Creates the e-mail stage. */
export function createEmailStage(deps: EmailSending): StageKind {
  return defineStage({
    kind: 'email',
    component: 'ak-stage-email',
    readSettings: (stored) => readSettings(emailSettings, stored),
    enter: async (visit) => {
      const { context, memory, step } = visit;
      if (context.pending_user === undefined) return { kind: 'denied', message: 'No pending user.' };
      const restored = context.is_restored;
      if (restored !== undefined && (restored.step ?? step) === step) return admitted(visit, restored, deps);
      if (memory.sent === true) return WAITING;
      return { ...WAITING, memory: { sent: true }, effect: await sending(visit, deps) };
    },
    answer: () => ({}),
    // No answer passes: the link does. Asking again is told apart from a mistake by its code.
    respond: async (visit) => ({
      kind: 'refused',
      errors: { non_field_errors: [fieldError('email-sent', 'email-sent')] },
      memory: { sent: true },
      effect: await sending(visit, deps),
    }),
  });
}
