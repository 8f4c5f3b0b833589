import { defineEntity, type InferEntity, p, secret, tenantTable } from '@postern/database';

/** Recipients as a column keeps them. */
type Recipients = { name: string; address: string }[];

/** A mail that waits to be sent. It goes when it was; what it says is sealed, because it may open doors. */
export const OutgoingMail = defineEntity({
  name: 'OutgoingMail',
  tableName: 'outgoing_mail',
  properties: {
    ...tenantTable(),
    sender: p.text(),
    recipients: p.json<Recipients>(),
    subject: p.text(),
    html: secret('outgoing_mail.html'),
    text: secret('outgoing_mail.text'),
    /** The server that the mail names, as JSON; its password is why it is sealed. */
    server: secret('outgoing_mail.server').nullable(),
    /** What the audit log shows of it. */
    shown: p.text(),
  },
});

export type OutgoingMailEntity = InferEntity<typeof OutgoingMail>;

/** A mail that was kept instead of being sent, in the inbox of development. */
export const KeptMail = defineEntity({
  name: 'KeptMail',
  tableName: 'kept_mail',
  properties: {
    ...tenantTable(),
    sender: p.text(),
    recipients: p.json<Recipients>(),
    subject: p.text(),
    html: secret('kept_mail.html'),
    text: secret('kept_mail.text'),
  },
});

export type KeptMailEntity = InferEntity<typeof KeptMail>;
