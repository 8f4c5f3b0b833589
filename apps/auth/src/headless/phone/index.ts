/**
 * Phone numbers: shown to be somebody's by a code that goes there, in a sign-up or login, or when whoever is signed in changes theirs. Where
 * no stage of the tenant sends messages nothing is verified (decision 254).
 */

export { isTaken, keptAsVerified } from './phone.courier.ts';
export { createPhoneRpc } from './phone.rpc.ts';
export { createPhoneStage } from './phone.stage.ts';
