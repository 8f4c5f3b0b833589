import { defineErrors } from '@postern/errors';

/** What sending mail may answer. */
export const mailErrors = defineErrors('tasks.mail', {
  MAIL_TEMPLATE_UNKNOWN: {
    code: 'INVALID_ARGUMENT',
    message: "Invalid template '{template}' specified.",
    field: 'template',
    doc: 'There is no mail template of this name.',
  },
  MAIL_TEMPLATE_INVALID: {
    code: 'FAILED_PRECONDITION',
    message: 'Exception occurred while rendering E-mail template: {problem}',
    doc: 'The mail template cannot be rendered; the message names the place.',
  },
});
