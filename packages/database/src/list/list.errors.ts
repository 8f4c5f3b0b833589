import { defineErrors } from '@postern/errors';

/** What a list may answer instead of a page. */
export const listErrors = defineErrors('postern.lists', {
  INVALID_PAGE: { code: 'NOT_FOUND', message: 'Invalid page.', doc: 'The number of the page is not one of the list.' },
  FILTER_NOT_JSON: {
    code: 'INVALID_ARGUMENT',
    message: 'filter: failed to parse JSON',
    doc: 'The value of a filter on free-form properties is not JSON.',
  },
  FILTER_NOT_MAPPING: {
    code: 'INVALID_ARGUMENT',
    message: 'filter: value must be key:value mapping',
    doc: 'The value of a filter on free-form properties is JSON, but not an object.',
  },
});
