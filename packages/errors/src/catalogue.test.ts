import { describe, expect, it } from 'vitest';
import { checkCatalogues, common, defineErrors, invalidFields, PosternError, renderCatalogues } from './index.ts';

const groups = defineErrors('directory.groups', {
  GROUP_NAME_TAKEN: {
    code: 'ALREADY_EXISTS',
    message: 'A group named {name} exists.',
    field: 'name',
    doc: 'The name is | taken.',
  },
  GROUP_CYCLE: {
    code: 'FAILED_PRECONDITION',
    message: 'A group cannot be its own ancestor.',
    doc: 'The parent lies below.',
  },
});

describe('a catalogue', () => {
  it('makes errors whose message is filled from the metadata and that blame the declared field', () => {
    const error = groups.GROUP_NAME_TAKEN({ name: 'staff', size: 3 });
    expect(error).toBeInstanceOf(PosternError);
    expect(error).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'GROUP_NAME_TAKEN',
      domain: 'directory.groups',
      message: 'A group named staff exists.',
      metadata: { name: 'staff', size: '3' },
      violations: [{ field: 'name', description: 'A group named staff exists.', reason: 'GROUP_NAME_TAKEN' }],
    });
  });

  it('demands the variables of a message at compile time', () => {
    // @ts-expect-error the message needs a name
    expect(groups.GROUP_NAME_TAKEN({}).message).toBe('A group named {name} exists.');
  });

  it('keeps the cause out of everything that is serialized', () => {
    const error = groups.GROUP_CYCLE({}, { cause: new Error('secret') });
    expect(error.cause).toMatchObject({ message: 'secret' });
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(Object.keys(error)).not.toContain('cause');
  });

  it('recognises its own errors and no others', () => {
    expect(groups.GROUP_CYCLE.is(groups.GROUP_CYCLE())).toBe(true);
    expect(groups.GROUP_CYCLE.is(common.NOT_FOUND())).toBe(false);
    expect(groups.GROUP_CYCLE.is(new Error('GROUP_CYCLE'))).toBe(false);
  });
});

describe('field violations', () => {
  it('travel together in one error', () => {
    const violations = [
      { field: 'name', description: 'Too long.', reason: 'string.max_len', limits: { max_len: '80' } },
      { field: '', description: 'Odd.', reason: 'ODD' },
    ];
    expect(invalidFields(violations)).toMatchObject({ code: 'INVALID_ARGUMENT', reason: 'INVALID_FIELDS', violations });
  });
});

describe('the document of catalogues', () => {
  it('lists every reason by domain in a stable order', () => {
    const text = renderCatalogues([groups, common]);
    expect(text).toBe(renderCatalogues([common, groups, common]));
    expect(text.indexOf('## directory.groups')).toBeLessThan(text.indexOf('## postern'));
    expect(text).toContain(
      '| `GROUP_NAME_TAKEN` | ALREADY_EXISTS | A group named {name} exists. | The name is \\| taken. Field: `name`. |',
    );
  });

  it('finds reasons given twice, bad names and missing words', () => {
    const other = defineErrors('other', {
      GROUP_CYCLE: { code: 'ABORTED', message: '', doc: 'x' },
      lower: { code: 'ABORTED', message: 'x', doc: 'x' },
    });
    expect(checkCatalogues([groups, other])).toHaveLength(3);
    expect(checkCatalogues([groups, common])).toEqual([]);
  });
});
