import { defineJob } from '@postern/jobs';

/** Tries of an off-boarding, over most of a day: a service may be down for a night. */
export const OFF_BOARD_ATTEMPTS = 30;

/** Has the other services end what a user holds. */
export const OFF_BOARD = defineJob<{ run: string }>({
  name: 'directory.off_board_user',
  attempts: OFF_BOARD_ATTEMPTS,
  backoff: { firstMs: 1_000, maxMs: 3_600_000 },
  deadlineMs: 300_000,
});
