/**
 * What the server says in English, for the pages to say in their language. A key is the server's sentence to the
 * letter; a sentence that is not here (of a policy, a stage's own text) is shown as it came.
 */
export const serverTexts: Readonly<Record<string, string>> = {
  'Log in': 'Log in',
  Continue: 'Continue',
  'Invalid password': 'Invalid password',
  'Failed to authenticate.': 'Failed to authenticate.',
  'Unknown error': 'Unknown error',
  'This field is required.': 'This field is required.',
  'This field may not be blank.': 'This field may not be blank.',
  'This field may not be null.': 'This field may not be null.',
  'A valid integer is required.': 'A valid integer is required.',
  'Enter a valid email address.': 'Enter a valid email address.',
  'Username is already taken.': 'Username is already taken.',
  "Passwords don't match.": "Passwords don't match.",
  'Invalid Token': 'This code does not fit, or is not valid any more.',
  'Code does not match': 'This code does not fit. Take the newest one.',
  'Invalid code': 'There is no device with this code.',
  'Invalid device': 'This key is not yours, or not known here.',
  'Assertion failed': 'The key could not be checked.',
  'Empty response': 'Please choose how to confirm that it is you.',
  'invalid challenge selected': 'This way to confirm is not offered.',
  'Selected stage is invalid': 'This cannot be set up now.',
  'No compatible device class allowed': 'This kind of second factor is not allowed here.',
  'Duo denied access': 'The request was declined in Duo.',
  'Invalid phone number': 'This phone number cannot be used.',
  'phone_number required': 'Please enter your phone number.',
  'Credential ID already exists.': 'This key is registered already.',
  'Failed to validate token': 'The check could not be judged.',
  'Invalid invite/invite not found': 'This invitation is not valid any more.',
};
