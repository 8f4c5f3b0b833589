import { defineJob } from '@postern/jobs';

/** The object of a picture that nothing shows any more. */
export const REMOVE_OBJECT = defineJob<{ name: string }>({
  name: 'providers.remove_picture',
  attempts: 10,
  deadlineMs: 30_000,
});
