import { defineErrors } from '@postern/errors';

/** What brands may answer. */
export const brandErrors = defineErrors('directory.brands', {
  BRAND_DEFAULT_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'Only a single brand can be set as default.',
    field: 'default',
    doc: 'Another brand of the tenant is the default one.',
  },
  BRAND_LOGO_NO_PICTURE: {
    code: 'INVALID_ARGUMENT',
    message: 'Enter the address of a picture: http(s), a path on this host, or a data address of an image.',
    field: 'branding_logo',
    doc: 'The address of the logo has a scheme that shows no picture.',
  },
  BRAND_FAVICON_NO_PICTURE: {
    code: 'INVALID_ARGUMENT',
    message: 'Enter the address of a picture: http(s), a path on this host, or a data address of an image.',
    field: 'branding_favicon',
    doc: 'The address of the icon has a scheme that shows no picture.',
  },
  BRAND_RETENTION_MALFORMED: {
    code: 'INVALID_ARGUMENT',
    message: "{value} is not in the correct format of 'hours=3;minutes=1'.",
    field: 'event_retention',
    doc: 'How long events are kept is not a list of units, such as `days=365`.',
  },
});
