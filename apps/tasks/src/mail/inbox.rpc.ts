import { type Database, isUuid } from '@postern/database';
import { common } from '@postern/errors';
import { tasks } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { bodyPage, listPage, mailPage, type Page, type ShownMail } from './inbox.pages.ts';
import { findKept, listKept } from './mail.repository.ts';

type Deps = { db: Pick<Database, 'read'>; isKept: boolean };

/** The inbox of development as pages. Where none is kept, there is nothing at their addresses. */
export function bindMailInbox({ db, isKept }: Deps): BoundService {
  async function one(pk: string, call: Call): Promise<ShownMail> {
    const mail = isKept && isUuid(pk) ? await db.read(call.context, (em) => findKept(em, pk)) : undefined;
    if (!mail) throw common.NOT_FOUND();
    return mail;
  }

  return bind(tasks.MailInboxServiceDefinition, {
    async showMails(_request, call) {
      if (!isKept) throw common.NOT_FOUND();
      return answer(listPage(await db.read(call.context, listKept)), call);
    },
    showMail: async ({ mail }, call) => answer(mailPage(await one(mail, call)), call),
    async showMailBody({ mail }, call) {
      const page = bodyPage(await one(mail, call));
      call.response.header('x-frame-options', 'SAMEORIGIN');
      return answer(page, call);
    },
  });
}

function answer({ html, policy }: Page, { response }: Call) {
  response.header('content-security-policy', policy);
  response.header('cache-control', 'no-store');
  response.header('referrer-policy', 'no-referrer');
  return { content_type: 'text/html; charset=utf-8', data: Buffer.from(html), extensions: [] };
}
