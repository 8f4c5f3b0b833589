import { defineJob } from '@postern/jobs';
import type { Notice } from '../transports/index.ts';

/** One notification for one person by one transport. */
export type DeliverArgs = {
  /** Key of the notification: the same for each attempt. */
  readonly notice: string;
  readonly event: string;
  readonly transport: string;
  readonly user: number;
  readonly severity: Notice['severity'];
};

/** Brings a notification to somebody. */
export const deliverNotification = defineJob<DeliverArgs>({
  name: 'tasks.deliver_notification',
  attempts: 12,
  deadlineMs: 90_000,
});
