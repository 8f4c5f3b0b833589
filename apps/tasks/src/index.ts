/** What happens without a person waiting. */

export { tasks } from './app.ts';
export { createJobEngine, JOB_MIGRATIONS, QUEUE_SCHEMA } from './jobs/index.ts';
export { emailSettings, sendTestMail } from './mail/index.ts';
