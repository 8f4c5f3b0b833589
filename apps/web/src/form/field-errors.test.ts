import { describe, expect, it } from 'vitest';
import { en } from '../messages/en/index.ts';
import { splitErrors } from './field-errors.ts';

const detail = (string: string) => [{ string, code: 'invalid' }];

describe('splitErrors', () => {
  it('puts an error that belongs to no field on display above the form', () => {
    const errors = {
      password: detail('Invalid password'),
      non_field_errors: detail('Locked.'),
      token: detail('Gone.'),
    };
    expect(splitErrors(errors, new Set(['password']), en)).toEqual({
      byField: { password: ['Invalid password'] },
      general: ['Locked.', 'Gone.'],
    });
  });

  it('says that the answer did not pass even when the server gives no reason', () => {
    expect(splitErrors({}, new Set(), en).general).toEqual([en.answerRefused]);
    expect(splitErrors(undefined, new Set(), en).general).toEqual([]);
  });
});
