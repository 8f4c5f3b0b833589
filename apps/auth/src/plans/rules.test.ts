import { describe, expect, it } from 'vitest';
import { flag, optional, parseAnswer, text } from './answer.schema.ts';
import { formatTitle } from './challenge.ts';
import { localPath } from './next-url.ts';

describe('an answer', () => {
  const schema = { uid_field: text({ trim: true }), password: optional(text()) };
  const read = (sent: unknown) => parseAnswer(schema, 'ak-stage-identification', sent);

  it.each([[null], [undefined], [{}], [{ component: 'ak-stage-identification' }]])(
    'names what %j leaves out',
    (sent) => {
      expect(read(sent)).toEqual({
        ok: false,
        errors: { uid_field: [{ string: 'This field is required.', code: 'required' }] },
      });
    },
  );

  it.each([['alice'], [['alice']], [7], [true]])('is an object, not %j', (sent) => {
    expect(read(sent)).toMatchObject({ ok: false, errors: { non_field_errors: [{ code: 'invalid' }] } });
  });

  it('belongs to the challenge it names', () => {
    expect(read({ component: 'ak-stage-password', uid_field: 'alice' })).toMatchObject({
      ok: false,
      errors: { component: [{ code: 'invalid' }] },
    });
  });

  it('must name its challenge where it could say nothing at all', () => {
    expect(parseAnswer({}, 'ak-stage-dummy', {})).toMatchObject({ ok: false });
    expect(parseAnswer({}, 'ak-stage-dummy', { component: 'ak-stage-dummy' })).toMatchObject({ ok: true });
  });

  it('is read field by field, with every error at once', () => {
    const two = { name: text(), remember_me: flag() };
    expect(parseAnswer(two, 'x', { name: '', remember_me: 'perhaps' })).toEqual({
      ok: false,
      errors: {
        name: [{ string: 'This field may not be blank.', code: 'blank' }],
        remember_me: [{ string: 'Must be a valid boolean.', code: 'invalid' }],
      },
    });
    expect(read({ uid_field: ' alice ', password: '' })).toEqual({
      ok: true,
      value: { uid_field: 'alice', password: undefined },
    });
  });

  it('gets nothing from the prototype of objects', () => {
    expect(parseAnswer({ constructor: text() }, 'x', {})).toMatchObject({ ok: false });
  });
});

describe('a next address', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
  ])('is refused as %j', (next) => {
    expect(localPath(next)).toBeUndefined();
  });

  it.each([
    ['/if/user/#/library', '/if/user/#/library'],
    ['/application/o/authorize/?redirect_uri=https%3A%2F%2Fapp.example%2F', undefined],
    ['authentik_core:if-admin', '/if/admin/'],
  ])('leads to %s', (next, path = next) => {
    expect(localPath(next)).toBe(path);
  });
});

describe('a title', () => {
  it.each([
    ['Redirecting to %(app)s', 'Redirecting to Wiki'],
    ['100%% for %(user)s', '100% for alice'],
    ['50% off', '50% off'],
    ['%(other)s', '%(other)s'],
    ['Welcome', 'Welcome'],
  ])('%s reads %s', (title, shown) => {
    expect(formatTitle(title, { app: 'Wiki', user: 'alice' })).toBe(shown);
  });
});
