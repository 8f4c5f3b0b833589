import { defineErrors } from '@postern/errors';

/** Why tasks are not deleted. The words are the contract's. */
export const backgroundTaskErrors = defineErrors('tasks', {
  TASKS_NOT_SELECTED: {
    code: 'FAILED_PRECONDITION',
    message: 'List of items or filters must be provided for bulk operation',
    doc: 'Deleting tasks needs keys, filters, or `all`.',
  },
  TASK_ITEMS_NOT_A_LIST: {
    code: 'FAILED_PRECONDITION',
    message: 'Items must be provided as a list',
    doc: 'The keys of tasks to delete are a list.',
  },
  TASK_ITEMS_INVALID: {
    code: 'FAILED_PRECONDITION',
    message: 'Invalid items list provided',
    doc: 'A key of a task to delete is none: waiting tasks have numbers, failed ones 32 hexadecimal digits.',
  },
  TASK_FILTERS_NOT_A_DICT: {
    code: 'FAILED_PRECONDITION',
    message: 'Filters must be provided as a dict',
    doc: 'The filters of tasks to delete are an object.',
  },
  TASK_FILTERS_INVALID: {
    code: 'FAILED_PRECONDITION',
    message: 'Invalid filters provided',
    doc: 'A filter names a field or a comparison that tasks do not have, or a value that does not fit.',
  },
  TASK_ALL_NOT_TRUE: {
    code: 'FAILED_PRECONDITION',
    message: 'All filter must only be used with true',
    doc: 'The parameter `all` takes a word for yes, or none.',
  },
  TASKS_NOT_FOUND: {
    code: 'FAILED_PRECONDITION',
    message: 'No items match the provided criteria',
    doc: 'No task has one of the keys and fits the filters.',
  },
});
