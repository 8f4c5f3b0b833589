import { defineErrors } from '@postern/errors';

/** What only superusers set up. */
export const trustErrors = defineErrors('providers.trust', {
  API_CLIENT_RESERVED: {
    code: 'PERMISSION_DENIED',
    message: 'Only a superuser may change a client that gets tokens for the API of this installation.',
    doc: 'A provider with the scope `goauthentik.io/api` would be made or changed by somebody who is no superuser: its tokens act as whoever follows a link.',
  },
  SOURCE_RESERVED: {
    code: 'PERMISSION_DENIED',
    message: 'Only a superuser may decide whom a source is believed about.',
    doc: 'A source would link existing users by what it says of them, or ask somewhere else than before, because of somebody who is no superuser.',
  },
});
