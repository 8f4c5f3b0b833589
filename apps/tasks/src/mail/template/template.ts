import { type Writer, writerAt } from './escape.ts';
import { advance, type Position, START } from './html.position.ts';
import { TemplateError } from './template.error.ts';

/** What a template shows. */
export type View = { readonly [name: string]: unknown };

/** A template that was read. Rendering throws TemplateError when it makes more than a mail may hold. */
export type Template = { render(view: View): string };

type Write = (view: View, out: string[]) => void;
type Frame = {
  readonly kind: 'if' | 'each';
  readonly path: string;
  readonly line: number;
  readonly start: Position;
  body: Write[];
  otherwise?: Write[];
};
type Token = { readonly text: string; readonly line: number; readonly isTag: boolean };

const MOST_ITEMS = 1_000;
const MOST_CHARACTERS = 1_048_576;
const DEEPEST = 10;
const PATH = /^(?:this|[A-Za-z_]\w*(?:\.\w+)*)$/;

/**
 * Reads a template: `{{ user.name }}` shows a value, escaped for the place where it stands; `{{#if a}} {{else}} {{/if}}` and
 * `{{#each list}} {{/each}}` choose and repeat; `{{! a remark }}` says nothing. There is no more to it: no calls, no code.
 * Throws TemplateError.
 *
 * @param kind `html` writes by place, and refuses values where HTML has none (scripts, styles, tags); `text` writes them as they are
 */
export function readTemplate(name: string, source: string, kind: 'html' | 'text'): Template {
  const parts = createParser(name, kind === 'html').parse(tokensOf(source));
  return {
    render(view) {
      const out: string[] = [];
      for (const write of parts) write(view, out);
      const text = out.join('');
      if (text.length > MOST_CHARACTERS) throw new TemplateError(name, `makes more than ${MOST_CHARACTERS} characters`);
      return text;
    },
  };
}

function createParser(name: string, isHtml: boolean) {
  const root: Write[] = [];
  const open: Frame[] = [];
  let position = START;

  const current = () => open.at(-1)?.otherwise ?? open.at(-1)?.body ?? root;
  const fail = (message: string, line: number) => new TemplateError(name, message, line);

  function writer(line: number): Writer {
    if (!isHtml) return (value) => value;
    const found = writerAt(position);
    if (!found) throw fail('no value may stand here', line);
    return found;
  }

  function show(path: string, line: number): void {
    if (!PATH.test(path)) throw fail(`"${path}" is no name of a value`, line);
    const write = writer(line);
    current().push((view, out) => void out.push(write(textOf(lookUp(view, path)))));
    // What follows a value is no longer the beginning of an attribute.
    if (position.kind === 'attribute') position = { ...position, isStart: false };
  }

  function begin(kind: 'if' | 'each', path: string, line: number): void {
    if (!PATH.test(path)) throw fail(`"${path}" is no name of a value`, line);
    if (open.length >= DEEPEST) throw fail(`blocks lie more than ${DEEPEST} deep`, line);
    open.push({ kind, path, line, start: position, body: [] });
  }

  function requireSame(frame: Frame, line: number): void {
    if (isHtml && placeOf(frame.start) !== placeOf(position))
      throw fail('a block ends within another tag or attribute than it begins', line);
  }

  function otherwise(line: number): void {
    const frame = open.at(-1);
    if (frame?.kind !== 'if' || frame.otherwise) throw fail('{{else}} belongs to no {{#if}}', line);
    requireSame(frame, line);
    frame.otherwise = [];
    position = frame.start;
  }

  function end(kind: string, line: number): void {
    const frame = open.pop();
    if (!frame || frame.kind !== kind) throw fail(`{{/${kind}}} ends no block`, line);
    requireSame(frame, line);
    current().push(frame.kind === 'if' ? choice(frame) : repetition(frame));
  }

  function tag(text: string, line: number): void {
    const [, kind, path = ''] = /^#(if|each)\s+(\S+)$/.exec(text) ?? [];
    if (kind === 'if' || kind === 'each') begin(kind, path, line);
    else if (text === 'else') otherwise(line);
    else if (text.startsWith('/')) end(text.slice(1).trim(), line);
    else if (!text.startsWith('!')) show(text, line);
  }

  return {
    parse(tokens: readonly Token[]): readonly Write[] {
      for (const { text, line, isTag } of tokens) {
        if (isTag) tag(text, line);
        else {
          current().push((_view, out) => void out.push(text));
          if (isHtml) position = advance(position, text);
        }
      }
      const [left] = open;
      if (left) throw fail(`{{#${left.kind}}} has no end`, left.line);
      return root;
    },
  };
}

/** A place, whether or not something of an attribute's value stands before it. */
function placeOf(position: Position): string {
  return JSON.stringify({ ...position, isStart: false });
}

function tokensOf(source: string): Token[] {
  let line = 1;
  return source.split(/\{\{(.*?)\}\}/s).map((text, index) => {
    const token = { text: index % 2 === 1 ? text.trim() : text, line, isTag: index % 2 === 1 };
    line += text.split('\n').length - 1;
    return token;
  });
}

function choice({ path, body, otherwise = [] }: Frame): Write {
  return (view, out) => {
    for (const write of isTrue(lookUp(view, path)) ? body : otherwise) write(view, out);
  };
}

function repetition({ path, body }: Frame): Write {
  return (view, out) => {
    const items = lookUp(view, path);
    if (!Array.isArray(items)) return;
    for (const item of items.slice(0, MOST_ITEMS)) {
      const inner = { ...view, ...(typeof item === 'object' && item !== null ? item : {}), this: item };
      for (const write of body) write(inner, out);
    }
  };
}

function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function lookUp(view: View, path: string): unknown {
  let value: unknown = view;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
