import { defineErrors } from '@postern/errors';

/** What transports may answer. */
export const transportErrors = defineErrors('tasks.transports', {
  TRANSPORT_NAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'Notification Transport with this name already exists.',
    field: 'name',
    doc: 'Another transport of the tenant has this name.',
  },
  WEBHOOK_URL_MISSING: {
    code: 'INVALID_ARGUMENT',
    message: 'Webhook URL may not be empty.',
    field: 'webhook_url',
    doc: 'A transport that calls a webhook needs its address, in the request that chooses the mode.',
  },
  WEBHOOK_URL_INVALID: {
    code: 'INVALID_ARGUMENT',
    message: 'Enter a valid URL.',
    field: 'webhook_url',
    doc: 'The address of a webhook is a URL with http or https.',
  },
});
