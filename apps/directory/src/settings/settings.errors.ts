import { defineErrors } from '@postern/errors';

/** What settings may answer. */
export const settingsErrors = defineErrors('directory.settings', {
  AVATARS_MALFORMED: {
    code: 'INVALID_ARGUMENT',
    message: '"{mode}" is not a way to find a picture.',
    field: 'avatars',
    doc: 'Ways are `initials`, `gravatar`, `none`, `attributes.<path>` and http(s) addresses, apart by commas, 2000 characters in sum.',
  },
  FOOTER_LINKS_MALFORMED: {
    code: 'INVALID_ARGUMENT',
    message: '{problem}',
    field: 'footer_links',
    doc: 'A link that would run a program, or more JSON than links need.',
  },
});
