import { defineErrors } from '@postern/errors';

/** What groups may answer. */
export const groupErrors = defineErrors('directory.groups', {
  GROUP_NAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'The fields name, parent must make a unique set.',
    field: '',
    doc: 'Another group below the same parent has this name.',
  },
  GROUP_OWN_PARENT: {
    code: 'INVALID_ARGUMENT',
    message: 'Cannot set group as parent of itself.',
    field: 'parent',
    doc: 'A group would lie below itself.',
  },
  GROUP_CYCLE: {
    code: 'INVALID_ARGUMENT',
    message: 'Cannot set a group below this one as its parent.',
    field: 'parent',
    doc: 'A group would lie below one of its descendants.',
  },
});
