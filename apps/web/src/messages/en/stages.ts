/** Sentences of the steps that most flows have. */
export const stages = {
  username: 'Username',
  email: 'Email',
  upn: 'Sign-in name',
  usernameOrEmail: 'Username or email',
  accountName: 'Username, email or sign-in name',
  password: 'Password',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  capsLock: 'Caps Lock is on.',
  forgotPassword: 'Forgot password?',
  needAccount: 'New here?',
  signUp: 'Create an account',
  passwordless: 'Use a security key',
  orContinueWith: 'or',
  continueWith: (source: string) => `Continue with ${source}`,
  continueTo: (application: string) => `Sign in to continue to ${application}.`,

  consentAllows: 'It asks for:',
  /** For well-known permissions that the server has no words for. */
  permissions: {
    openid: 'Who you are',
    profile: 'Your name and username',
    email: 'Your email address',
    offline_access: 'Access while you are away',
  } as Readonly<Record<string, string>>,
  consentNothing: 'It asks for no further permission.',
  consentAlready: 'You have already allowed:',
  consentNew: 'It now also asks for:',
  consentHeader: 'An application asks for access to your account.',
  consentAccept: 'Allow and continue',
  consentDecline: 'Decline',

  staySignedIn: 'Stay signed in?',
  staySignedInHint: 'Choose no on a device that others use too.',
  yes: 'Yes, stay signed in',
  no: 'No',

  automatic: 'Automatic',
  dummy: 'There is nothing to fill in here.',

  accessDenied: 'Access denied',
  accessDeniedReason: 'You do not have permission to go on.',
  flowError: 'Something went wrong',
  flowErrorHint:
    'This is not your fault. Try again; if it keeps happening, give your administrator this request number:',
  errorDetails: 'Details for administrators',
  unknownStep: 'This step cannot be shown',
  unknownStepHint: 'The sign-in asks for a step that this page has no form for:',
  shellFrame: 'Message from the server',

  emailTitle: 'Check your inbox',
  emailLead: 'We have sent you a link. Open it to go on; you can do so on another device.',
  emailHint: 'Nothing there after a few minutes? Look into the spam folder, or have it sent again.',
  emailAgain: 'Send it again',
  emailSent: 'Another email is on its way.',

  captchaLead: 'A short check that you are not a program.',
  captchaWaiting: 'Checking…',
  captchaAgain: 'Nothing to see? Show the check',
  captchaRefused: 'The check was not passed',
  captchaBroken: 'The check did not load',
  captchaBrokenHint: 'A content blocker or the network may keep it away.',

  deviceCode: 'Code',
  deviceCodeLead: 'Enter the code that your device shows. Only go on if you have started this yourself.',
  deviceCodeDone: 'Your device is signed in',
  deviceCodeDoneHint: 'It goes on by itself. You can close this page.',

  plexLead: 'Plex opens in a window of its own. Sign in there, then come back.',
  plexWaiting: 'Waiting for Plex…',
  plexTrouble: {
    blocked: 'The browser did not open the window. Allow pop-ups for this page, then try again.',
    denied: 'This Plex account may not sign in here.',
    failed: 'Plex did not answer as expected. Try again in a moment.',
  },
  appleLead: 'Apple asks you to sign in, and brings you back here.',
};
