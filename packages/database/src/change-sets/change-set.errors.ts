import { defineErrors } from '@postern/errors';

/** What a change set may answer. */
export const changeSetErrors = defineErrors('postern.change-sets', {
  CHANGE_SET_LOST: {
    code: 'ABORTED',
    message: 'The change set is not open here.',
    doc: 'A change set was rolled back because nothing was heard of it, or its calls reached another replica. Nothing of it was kept.',
  },
  CHANGE_SET_OPEN: {
    code: 'ALREADY_EXISTS',
    message: 'The change set is open already.',
    doc: 'A change set was begun twice.',
  },
  CHANGE_SET_CONFLICT: {
    code: 'ABORTED',
    message: 'Somebody else changed the same objects meanwhile.',
    doc: 'A change set waited too long for rows that another transaction holds, or met one in a deadlock.',
  },
  CHANGE_SETS_BUSY: {
    code: 'RESOURCE_EXHAUSTED',
    message: 'Too many change sets are open.',
    doc: 'A service holds as many change sets open as it may, and none ended while another waited.',
  },
});
