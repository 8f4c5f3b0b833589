import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { tasks } from '@postern/proto';
import { eventContext, recordedFact } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Composer } from './mail.composer.ts';
import { mailErrors } from './mail.errors.ts';
import type { Mails } from './mail.operations.ts';
import type { MailServer } from './mail.ts';

type Deps = { db: Database; outbox: Outbox; mails: Mails; composer: Composer };

/** Sends mail for the other services. A template that cannot be rendered is told to the audit log, too. */
export function bindMail({ db, outbox, mails, composer }: Deps): BoundService {
  async function report(error: unknown, template: string, call: Call): Promise<never> {
    if (mailErrors.MAIL_TEMPLATE_INVALID.is(error)) {
      const context = { message: 'Exception occurred while rendering E-mail template', error: error.message, template };
      const fact = recordedFact('tasks', {
        action: 'configuration_error',
        app: 'authentik.stages.email.stage',
        context,
      });
      await db.write(call.context, (em) => outbox.record(em, eventContext(call), fact));
    }
    throw error;
  }

  return bind(tasks.MailServiceDefinition, {
    async sendMail({ template, to, subject, context = {}, from, server }, call) {
      const draft = { template, to, subject, context, from, server: server && serverOf(server) };
      const pk = await db
        .write(call.context, (em) => mails.enqueue(em, eventContext(call), draft))
        .catch((error: unknown) => report(error, template, call));
      return { pk };
    },
    listMailTemplates: async () => ({ templates: composer.choices() }),
  });
}

const ANSWER_SECONDS = 10;

function serverOf({ host, port, username, password, use_tls, use_ssl, timeout }: tasks.MailServer): MailServer {
  const milliseconds = (timeout || ANSWER_SECONDS) * 1000;
  return { host, port, username, password, useTls: use_tls, useSsl: use_ssl, timeout: milliseconds };
}
