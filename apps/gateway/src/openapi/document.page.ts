import { createHash } from 'node:crypto';
import type { OpenApiDocument, OperationObject, Schema } from './schema.types.ts';

const STYLE = `
:root { color-scheme: light dark }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h2 { margin-top: 3rem; border-bottom: 1px solid } h3 { margin: 2rem 0 .25rem; font-family: ui-monospace, monospace; font-size: 1rem }
h4 { margin: 1rem 0 .25rem; font-size: .875rem } dl { margin: 0 0 0 1rem } dt { font-family: ui-monospace, monospace; font-size: .875rem } dd { margin: 0 0 .5rem 1.5rem }
pre { white-space: pre-wrap } ul { padding-left: 1.25rem }
`;

/** What the page may do: show itself. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** A document for people: one page without scripts. */
export function documentPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ title: `${verb.toUpperCase()} ${path}`, operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  const sections = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1));
  const { title, description } = document.info;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>`,
    `<pre>${escaped(description.replace(/^# .*\n+/, ''))}</pre>`,
    `<nav><ul>${sections.map(([tag]) => `<li><a href="#part-${anchor(tag)}">${escaped(tag)}</a></li>`).join('')}<li><a href="#shapes">Shapes</a></li></ul></nav>`,
    ...sections.map(([tag, all]) => section(tag, all)),
    '<h2 id="shapes">Shapes</h2>',
    ...Object.entries(document.components.schemas).map(([name, schema]) => shape(name, schema)),
    '</main></body></html>',
  ].join('\n');
}

function section(tag: string, all: readonly { title: string; operation: OperationObject }[]): string {
  const parts = all.map(({ title, operation }) => `<h3>${escaped(title)}</h3>${operationPart(operation)}`);
  return `<h2 id="part-${anchor(tag)}">${escaped(tag)}</h2>${parts.join('')}`;
}

function operationPart({ description, parameters = [], requestBody, responses }: OperationObject): string {
  const named = parameters.map(
    (one) =>
      `<dt>${escaped(one.name)}</dt><dd>${one.in}${one.required ? ', required' : ''}. ${escaped(one.description ?? '')}</dd>`,
  );
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<dt>${escaped(type)}</dt><dd>${typeOf(schema)}</dd>`,
  );
  const answers = Object.entries(responses).map(([status, one]) => {
    const [content] = Object.values(one.content ?? {});
    return `<dt>${status}</dt><dd>${escaped(one.description)} ${content ? typeOf(content.schema) : ''}</dd>`;
  });
  return `<p>${escaped(description)}</p>${list('Parameters', named)}${list('Body', bodies)}${list('Answers', answers)}`;
}

function shape(name: string, schema: Schema): string {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([key, one]) =>
      `<dt>${escaped(key)}${schema.required?.includes(key) ? ' *' : ''}</dt><dd>${typeOf(one)}. ${escaped(one.description ?? '')}</dd>`,
  );
  const either = schema.oneOf ?? schema.anyOf;
  const others = either ? `<p>Like one of these: ${either.map(typeOf).join(', ')}</p>` : '';
  return `<h3 id="${anchor(name)}">${escaped(name)}</h3><p>${escaped(schema.description ?? '')}</p>${list('', properties)}${others}`;
}

/** A schema in a word, with a link where it has a name. */
function typeOf({ $ref, allOf, oneOf, type, items, enum: words, format, nullable }: Schema): string {
  const name = ($ref ?? allOf?.[0]?.$ref)?.split('/').at(-1);
  if (name !== undefined) return `<a href="#${anchor(name)}">${escaped(name)}</a>`;
  if (items) return `list of ${typeOf(items)}`;
  if (oneOf) return oneOf.map(typeOf).join(' or ');
  const choice = words ? `one of ${words.join(', ')}` : '';
  const all = [type ?? 'anything', format ?? '', choice, nullable ? 'or null' : ''];
  return escaped(all.filter((word) => word !== '').join(' '));
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `${title && `<h4>${title}</h4>`}<dl>${items.join('')}</dl>`;
}

function anchor(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
