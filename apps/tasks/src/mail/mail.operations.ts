import type { EntityManager } from '@postern/database';
import { type Jobs, job } from '@postern/jobs';
import type { EventContext } from '@postern/messaging';
import { v7 } from 'uuid';
import type { Composed, Composer, MailDraft } from './mail.composer.ts';
import { mailErrors } from './mail.errors.ts';
import { addOutgoing } from './mail.repository.ts';
import { sendMail } from './send-mail.order.ts';
import { TemplateError } from './template/template.error.ts';

/** Has mails sent. */
export type Mails = {
  /**
   * Writes a mail and asks for the job that sends it, in the caller's transaction. Answers the key of the mail. Throws MAIL_TEMPLATE_UNKNOWN and
   * MAIL_TEMPLATE_INVALID.
   */
  enqueue(em: EntityManager, context: EventContext, draft: MailDraft): Promise<string>;
};

type Deps = { composer: Composer; jobs: Pick<Jobs, 'enqueue'>; ids?: { next(): string } };

/** Creates what has mails sent. */
export function createMails({ composer, jobs, ids = { next: () => v7() } }: Deps): Mails {
  return {
    async enqueue(em, context, draft) {
      const { subject, html, text, shown } = composeOrExplain(composer, draft);
      const pk = ids.next();
      const server = draft.server && JSON.stringify(draft.server);
      addOutgoing(em, { pk, sender: draft.from ?? '', recipients: [...draft.to], subject, html, text, shown, server });
      await jobs.enqueue(em, context, job(sendMail, { mail: pk }));
      return pk;
    },
  };
}

/** Writes a mail; what is wrong with its template becomes an error of the catalogue. */
export function composeOrExplain(composer: Composer, draft: MailDraft): Composed {
  if (!composer.has(draft.template)) throw mailErrors.MAIL_TEMPLATE_UNKNOWN({ template: draft.template });
  try {
    return composer.compose(draft);
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    throw mailErrors.MAIL_TEMPLATE_INVALID({ problem: cause.message }, { cause });
  }
}
