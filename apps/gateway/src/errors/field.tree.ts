import type { Violation } from '@postern/errors';
import { textOfRule } from '@postern/transcode';
import type { RenderContext } from './rendered.ts';

type Tree = { messages: string[]; members: Map<string, Tree> };

/**
 * The contract's body of field errors: `{"field": ["..."]}`, nested as the request is; `non_field_errors` for the whole
 * object. Lists of objects give a list with `{}` for good items, lists of plain values an object by position.
 */
export function fieldTree(violations: readonly Violation[], { request, body }: RenderContext): unknown {
  const root = branch();
  for (const violation of violations) {
    const path = segmentsOf(violation.field, body);
    insert(root, path.length === 0 ? ['non_field_errors'] : path, sentence(violation, request));
  }
  return render(root);
}

function branch(): Tree {
  return { messages: [], members: new Map() };
}

/** `group.redirect_uris[0].url` and `group.redirect_uris.0.url` mean the same. */
function segmentsOf(field: string, body: string | undefined): string[] {
  const segments = field
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(Boolean);
  return body && body !== '*' && segments[0] === body ? segments.slice(1) : segments;
}

function insert(tree: Tree, path: readonly string[], message: string): void {
  let at = tree;
  for (const segment of path) {
    const next = at.members.get(segment) ?? branch();
    at.members.set(segment, next);
    at = next;
  }
  if (!at.messages.includes(message)) at.messages.push(message);
}

function sentence({ field, description, reason, limits }: Violation, request: RenderContext['request']): string {
  return textOfRule(reason, { value: valueAt(request, field), limits }) ?? description;
}

function valueAt(request: unknown, field: string): unknown {
  const segments = field.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return segments.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }, request);
}

function render({ messages, members }: Tree): unknown {
  if (members.size === 0) return messages;
  const names = [...members.keys()];
  const isList =
    names.every((name) => /^\d{1,6}$/.test(name)) &&
    [...members.values()].every(({ members: inner }) => inner.size > 0);
  if (!isList) return Object.fromEntries([...members].map(([name, member]) => [name, render(member)]));
  const length = Math.max(...names.map(Number)) + 1;
  return Array.from({ length }, (_unused, index) => {
    const member = members.get(String(index));
    return member ? render(member) : {};
  });
}
