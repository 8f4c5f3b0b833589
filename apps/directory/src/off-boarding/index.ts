/**
 * Off-boarding: all that a user can act by ends, in every service, and what is known about them stays. The directory does its own part at once;
 * a job has the other services do theirs, however often it takes, and the report says what came of it. Decision 230.
 */

export { countEndedSessions } from './off-boarding.consumer.ts';
export { createOffBoardingJob } from './off-boarding.job.ts';
export { OFF_BOARDING_MIGRATIONS } from './off-boarding.migrations.ts';
export { createOffBoarding } from './off-boarding.operations.ts';
export { bindOffBoarding } from './off-boarding.rpc.ts';
