/** `about` helps to choose, `hint` says what to do. */
type ClassWords = { readonly title: string; readonly about: string; readonly hint: string };
type TroubleWords = { readonly title: string; readonly hint: string };

/** Sentences about second factors. */
export const authenticators = {
  pickDevice: 'Choose how to confirm that it is you.',
  pickStage: 'Your account needs a second factor. Choose the one to set up.',
  otherDevice: 'Use another method',
  deviceClasses: {
    totp: {
      title: 'Authenticator app',
      about: 'A code from an app on your phone',
      hint: 'Enter the code that your authenticator app shows.',
    },
    webauthn: {
      title: 'Security key or passkey',
      about: 'Your face, your fingerprint or a touch',
      hint: 'Confirm with a security key, your face or your fingerprint.',
    },
    sms: {
      title: 'Text message',
      about: 'A code that we send to your phone',
      hint: 'Enter the code that we have sent to your phone.',
    },
    duo: { title: 'Duo', about: 'A request in the Duo app', hint: 'Confirm the request in the Duo app.' },
    static: {
      title: 'Recovery code',
      about: 'A code that you have written down',
      hint: 'Enter one of the codes that you have written down.',
    },
  } as Readonly<Record<string, ClassWords>>,
  codeLabel: 'Code',
  sendAgain: 'Send the code again',

  totpScan: 'Scan this picture with an authenticator app on your phone.',
  totpQr: 'QR code for your authenticator app',
  totpByHand: 'Or type this key into the app:',
  totpOpenApp: 'Open in an app here',
  totpFirstCode: 'Code from the app',
  copySecret: 'Copy key',

  codesLead: 'Each of these codes signs you in once, when you have nothing else at hand. They are shown only now.',
  codesTitle: 'Your recovery codes',
  codesCopy: 'Copy',
  codesDownload: 'Download',
  codesSaved: 'I have saved my codes',
  codesFile: 'recovery-codes.txt',
  codesFileTitle: (site: string, user: string) => `Recovery codes of ${user} for ${site}`,

  smsLead: 'We send a code to your phone whenever you sign in.',
  smsSent: (number: string) => (number ? `We have sent a code to ${number}.` : 'We have sent a code to your phone.'),
  smsSend: 'Send code',
  smsOtherNumber: 'Use another number',
  phoneNumber: 'Phone number',
  phoneNumberHelp: 'With the country code, such as +44.',

  duoScan: 'Scan this picture with the Duo app on your phone.',
  duoQr: 'QR code for the Duo app',
  duoHere: 'Is Duo on this device?',
  duoActivate: 'Activate it here',
  duoWaiting: 'Waiting for the app…',
  duoDone: 'Duo is set up.',
  duoInvalid: 'This code is not valid any more. Start over to get a new one.',
  duoAsked: 'We have sent a request to your phone. Confirm it there.',
  duoAskAgain: 'Send another request',

  keySetUp: 'A security key or passkey replaces codes: your face, your fingerprint or a touch is enough.',
  keyRegister: 'Register a key',
  keyUse: 'Use the key',
  keyHint: 'Your browser shows you what to do.',
  keyWaiting: 'Follow what your browser shows…',
  keyTrouble: {
    unsupported: {
      title: 'Keys cannot be used here',
      hint: 'This browser does not know security keys, or the page came without HTTPS.',
    },
    cancelled: { title: 'That was not confirmed', hint: 'It was cancelled, or it took too long.' },
    known: { title: 'You have registered this key already', hint: 'Use another one.' },
    address: { title: 'The key does not fit this address', hint: 'Tell your administrator which address you opened.' },
    failed: { title: 'The key did not work', hint: 'Try again, or use another one.' },
    aborted: { title: 'That was not confirmed', hint: 'It was cancelled, or it took too long.' },
  } satisfies Record<string, TroubleWords>,
};
