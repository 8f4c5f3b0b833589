import { defineErrors } from '@postern/errors';

/** What rules may answer. */
export const ruleErrors = defineErrors('tasks.rules', {
  RULE_NAME_TAKEN: {
    code: 'INVALID_ARGUMENT',
    message: 'Notification Rule with this name already exists.',
    field: 'name',
    doc: 'Another rule of the tenant has this name.',
  },
});
