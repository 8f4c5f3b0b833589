/** Signing up, and showing that one reads an address: by a link, or by a code. */

export { tellOfChange } from './change.notice.ts';
export { createEmailStage } from './email.stage.ts';
export { signUpLater } from './later.sign-up.ts';
export { type Newcomer, register, type SignupWay, signUp } from './sign-up.ts';
export { askedFields, judgeSignup, type SignupValues, signupForm } from './signup.form.ts';
export { createSignupRpc } from './signup.rpc.ts';
export { isByCode, maySend, sendAccountExists, sendCode, sendLink } from './verification.courier.ts';
export { changeVerification, rememberVerification, type Verification, verificationOf } from './verification.process.ts';
export { sendAgain } from './verify-email.ts';
