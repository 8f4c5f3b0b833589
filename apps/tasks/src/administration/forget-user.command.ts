import { defineJob } from '@postern/jobs';

/** Whose events to forget. */
export type ForgetUser = { readonly user: number };

/** To delete the events that a deleted user caused. */
export const FORGET_USER = defineJob<ForgetUser>({ name: 'tasks.forget_user_events', deadlineMs: 600_000 });
