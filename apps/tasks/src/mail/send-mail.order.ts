import { defineJob } from '@postern/jobs';

/** Sends a mail that waits. Its arguments name it and say nothing of it. */
export const sendMail = defineJob<{ mail: string }>({ name: 'tasks.send_mail', attempts: 12, deadlineMs: 90_000 });
