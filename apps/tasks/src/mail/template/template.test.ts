import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';
import { readTemplate } from './template.ts';

const html = (source: string, view = {}) => readTemplate('a.html', source, 'html').render(view);

describe('a template', () => {
  it.each([
    ['a value in a script', '<script>var a = "{{a}}"</script>'],
    ['a value in a style sheet', '<style>{{a}}</style>'],
    ['a value as a tag', '<{{a}}>'],
    ['a value in an attribute without quotes', '<a href={{a}}>'],
    ['a value in an event handler', '<a onclick="{{a}}">'],
    ['a value in a style', '<p style="{{a}}">'],
    ['a value in a comment', '<!-- {{a}} -->'],
    ['a block that ends in another place', '<a href="{{#if a}}x">{{/if}}</a>'],
    ['a call', '{{ a() }}'],
    ['an end without a beginning', '{{/if}}'],
    ['a beginning without an end', '\n\n{{#if a}}'],
    ['an else of its own', '{{else}}'],
    ['blocks that lie too deep', '{{#if a}}'.repeat(11)],
  ])('is refused for %s', (_what, source) => {
    expect(() => html(source)).toThrow(/^a\.html, line \d+: /);
  });

  it('escapes what it shows, and leads to http and https alone', () => {
    const evil = `"><script>alert('1')</script>`;
    expect(html('<p title="{{a}}">{{a}}</p>', { a: evil })).not.toContain('<script>');
    expect(html('<a href="{{a}}">', { a: 'javascript:alert(1)' })).toBe('<a href="#">');
    expect(html('<a href="{{a}}">', { a: 'https://x.example/?a=1&b="' })).toBe(
      '<a href="https://x.example/?a=1&amp;b=&quot;">',
    );
    expect(html('<a href="https://x.example/{{a}}">', { a: '../b?c' })).toBe('<a href="https://x.example/..%2Fb%3Fc">');
    expect(html('<a href="{{#if b}}{{else}}#{{/if}}{{a}}">', { a: 'javascript:1', b: 1 })).not.toContain('javascript:');
  });

  it('chooses and repeats, and sees nothing but what it is given', () => {
    const view = { list: [{ name: 'a' }, { name: 'b' }], no: [], user: { name: 'Ada' } };
    expect(html('{{#each list}}{{name}}{{#if user.name}}!{{/if}} {{/each}}', view)).toBe('a! b! ');
    expect(html('{{#if no}}x{{else}}y{{/if}}{{! a remark }}', view)).toBe('y');
    expect(html('{{constructor.name}}{{user.constructor}}{{__proto__}}{{missing.deep}}', view)).toBe('');
    expect(readTemplate('a.txt', '<{{a}}>', 'text').render({ a: '<&' })).toBe('<<&>');
  });

  it('makes no more than a mail may hold', () => {
    const view = { list: Array.from({ length: 1_000 }, () => 'x'.repeat(2_000)) };
    expect(() => html('{{#each list}}{{this}}{{/each}}', view)).toThrow('more than 1048576 characters');
  });
});

it('turns HTML into text that keeps its links and paragraphs', () => {
  const text = plainText('<style>a{}</style><h1>Hi</h1><p>a &amp; b<br>c</p><a href="https://x.example">go</a>');
  expect(text).toBe('Hi\na & b\nc\ngo (https://x.example)');
});
