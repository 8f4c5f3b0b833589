import { isWire, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';
import { type FieldSchema, fieldOf, fieldsOf } from './field.schema.ts';

/** What the administration asks the OpenAPI document. Paths are those of the document, such as `/core/users/`. */
export type ApiDocument = {
  /** Whether this server has the operation at all. */
  readonly has: (path: string, method?: Method) => boolean;
  /** The address of one object of a list, such as `/core/users/{id}/`; undefined where objects have none. */
  readonly objectPath: (path: string) => string | undefined;
  /** Fields of what a reading operation answers: of an object, or of the rows of a list. */
  readonly fieldsOfAnswer: (path: string, method?: Method) => readonly FieldSchema[];
  /** Fields of what a changing operation takes. */
  readonly fieldsOfRequest: (path: string, method: Method) => readonly FieldSchema[];
  /** Parameters by which a list can be narrowed. */
  readonly filters: (path: string) => readonly FieldSchema[];
  /** Whether a list comes in pages. */
  readonly isPaged: (path: string) => boolean;
  /** Lists below an address to which objects can be added, such as those of a family. */
  readonly listsBelow: (prefix: string) => readonly string[];
  /** The same for whoever has a key of its own: operations that name no credential of the API count as there. */
  readonly withKey: () => ApiDocument;
};

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Parameters of every list that are no filters. */
const PAGING = new Set(['page', 'page_size', 'search', 'ordering']);

/** Reads an OpenAPI 3.0 document. What is not in it, or is not understood, counts as absent. */
export function readDocument(source: unknown): ApiDocument {
  const document = wireOf(source);
  const paths = wireOf(document.paths);
  const schemas = wireOf(wireOf(document.components).schemas);
  const operation = (path: string, method: Method) => wireOf(wireOf(paths[path])[method]);
  const parameters = (path: string) => {
    const { parameters: found } = operation(path, 'get');
    return Array.isArray(found) ? found.map(wireOf).filter((parameter) => parameter.in === 'query') : [];
  };

  function resolve(schema: Wire): Wire {
    const [first] = Array.isArray(schema.allOf) ? schema.allOf : [];
    if (isWire(first)) return resolve(first);
    const name = textOf(schema, '$ref').split('/').pop() ?? '';
    return name === '' ? schema : resolve(wireOf(schemas[name]));
  }

  /** The object within a page or a list. */
  function rowOf(schema: Wire): Wire {
    const found = resolve(schema);
    const results = resolve(wireOf(wireOf(found.properties).results));
    return found.type === 'array'
      ? resolve(wireOf(found.items))
      : isWire(results.items)
        ? resolve(results.items)
        : found;
  }

  const found: ApiDocument = {
    // What names no credential of the API is not for people: it asks for a key of its own.
    has: (path, method = 'get') => 'security' in operation(path, method),
    objectPath: remembered((path) => Object.keys(paths).find((candidate) => isObjectOf(candidate, path))),
    fieldsOfAnswer: (path, method = 'get') => {
      const answers = Object.entries(wireOf(operation(path, method).responses));
      const [, answer] = answers.find(([status]) => status.startsWith('2')) ?? [];
      return fieldsOf(rowOf(jsonOf(wireOf(answer))), resolve);
    },
    fieldsOfRequest: (path, method) => fieldsOf(jsonOf(wireOf(operation(path, method).requestBody)), resolve),
    filters: (path) =>
      parameters(path)
        .filter((parameter) => !PAGING.has(textOf(parameter, 'name')))
        .map((parameter) => {
          const schema = { description: textOf(parameter, 'description'), ...wireOf(parameter.schema) };
          return fieldOf(textOf(parameter, 'name'), schema, false, resolve);
        }),
    isPaged: (path) => parameters(path).some(({ name }) => name === 'page_size'),
    listsBelow: remembered((prefix) =>
      Object.keys(paths).filter(
        (path) => path.startsWith(prefix) && !path.includes('{') && 'post' in wireOf(paths[path]),
      ),
    ),
    withKey: () => ({ ...found, has: (path, method = 'get') => method in wireOf(paths[path]) }),
  };
  return found;
}

/** Looks through all paths once: every row of a table asks. */
function remembered<T>(find: (path: string) => T): (path: string) => T {
  const found = new Map<string, T>();
  return (path) => {
    const known = found.get(path) ?? find(path);
    found.set(path, known);
    return known;
  };
}

function jsonOf(message: Wire): Wire {
  return wireOf(wireOf(wireOf(message.content)['application/json']).schema);
}

function isObjectOf(candidate: string, path: string): boolean {
  return candidate.startsWith(path) && /^\{[^}/]+\}\/$/.test(candidate.slice(path.length));
}

/** The address of one object. */
export function objectAddress(objectPath: string, key: string): string {
  return objectPath.replace(/\{[^}]+\}/, encodeURIComponent(key));
}
