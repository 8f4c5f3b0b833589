import type { Database, EntityManager } from '@postern/database';
import { createJobs, defineJob, handles, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { FlowClient } from '../plans/index.ts';
import type { SmsPost } from '../stages/index.ts';

/** What a message is for: a code to sign in by, a code that shows whose number it is, or the news that a number has an account already. */
export type MessageKind = 'sign_in' | 'verify' | 'taken';

/** A message that somebody asks for. */
export type PhoneErrand = {
  readonly tenant: string;
  readonly kind: MessageKind;
  readonly client: FlowClient;
  /** Who gets it; unset where nobody does, and nothing else tells that. */
  readonly to?: { readonly user: number | undefined; readonly number: string };
  /** Empty for a message without one. */
  readonly code: string;
  /** After this it says nothing of use any more. */
  readonly until: Date;
};

/** Messages to phones. */
export type PhoneMessages = {
  /** Whether the tenant has what sends them. */
  readonly isServed: (tenant: string) => Promise<boolean>;
  /** Has a message sent once the transaction commits. Costs the same where nobody gets it. */
  readonly ask: (tx: EntityManager, errand: PhoneErrand) => Promise<void>;
  readonly job: JobHandler;
};

/** What they need. */
export type PhoneMessageDeps = {
  readonly database: Pick<Database, 'secrets'>;
  readonly outbox: Outbox;
  readonly post: SmsPost;
  readonly clock: { now(): Date };
};

/** Sends a message. Its only argument is sealed: codes are nobody's business. Tried once, since nobody wants two. */
const sendPhoneMessage = defineJob<{ message: string }>({ name: 'auth.send_phone_message', attempts: 1 });

const LABEL = 'phone.message';

const TEXTS: Readonly<Record<MessageKind, (title: string, code: string) => string>> = {
  sign_in: (title, code) => `Use this code to sign in to ${title}: ${code}`,
  verify: (title, code) => `Use this code to verify your phone number for ${title}: ${code}`,
  taken: (title) => `Somebody signs up for ${title} with this number, which has an account there. Was it you? Sign in.`,
};

type Sealed = Omit<PhoneErrand, 'tenant' | 'until'> & { readonly until: number };

/** Creates them. */
export function createPhoneMessages({ database: { secrets }, outbox, post, clock }: PhoneMessageDeps): PhoneMessages {
  const jobs = createJobs({ outbox });
  return {
    isServed: post.isServed,
    ask: async (tx, { tenant, until, client: { cookies: _, ...client }, ...errand }) => {
      const sealed: Sealed = { ...errand, client, until: until.getTime() };
      const message = secrets.seal(JSON.stringify(sealed), LABEL);
      await jobs.enqueue(tx, { tenant }, job(sendPhoneMessage, { message }));
    },
    job: handles(
      sendPhoneMessage,
      async ({ message }, { tenant }) => {
        const { to, kind, client, code, until }: Sealed = JSON.parse(secrets.open(message, LABEL));
        if (to === undefined || until <= clock.now().getTime())
          return { messages: ['There was nobody to send it to.'] };
        await post.send({ tenant, client, ...to, code, text: (title) => TEXTS[kind](title, code) });
        return { messages: ['The message was handed on.'] };
      },
      { description: 'Send a message to a phone', visible: 'on_failure' },
    ),
  };
}
