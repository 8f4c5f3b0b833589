/** Messages of PostgreSQL's extended query protocol, written into one buffer: what a transaction says is one system call. */

/** What a parameter may be. Text is what PostgreSQL takes the type of a parameter from; bytes travel as they are. */
export type Parameter = unknown;

/** A prepared statement that is to run. */
export type Step = {
  /** Name that the connection knows the statement by. */
  readonly name: string;
  /** Its text, where the connection does not know it yet. */
  readonly text?: string | undefined;
  readonly values: readonly Parameter[];
};

const HEADER = 5;
const NULL = -1;
const BINARY = 1;

/** Messages that prepare (where that is needed), bind, describe (with the preparing) and run statements, and one that ends them. */
export function messagesOf(steps: readonly Step[]): Buffer {
  const prepared = steps.map(({ name, text, values }) => ({ name, text, values: values.map(encoded) }));
  const writer = createWriter(prepared.reduce((size, step) => size + sizeOf(step), HEADER));
  for (const { name, text, values } of prepared) {
    if (text !== undefined) {
      // An earlier attempt to prepare it may have got through; closing what is not there is no error.
      writer.message('C', () => writer.byte('S').string(name));
      writer.message('P', () => writer.string(name).string(text).int16(0));
    }
    writer.message('B', () => bind(writer, name, values));
    if (text !== undefined) writer.message('D', () => writer.byte('P').string(''));
    writer.message('E', () => writer.string('').int32(0));
  }
  writer.message('S', () => writer);
  return writer.bytes();
}

type Encoded = string | Uint8Array | null;
type Writer = ReturnType<typeof createWriter>;

function bind(writer: Writer, name: string, values: readonly Encoded[]): Writer {
  writer.string('').string(name).int16(values.length);
  for (const value of values) writer.int16(value instanceof Uint8Array ? BINARY : 0);
  writer.int16(values.length);
  for (const value of values) writer.value(value);
  return writer.int16(0);
}

function encoded(value: Parameter): Encoded {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  // A list has no text that suits every type: `any(?)` takes '{...}', `in` takes a mark for each.
  if (Array.isArray(value)) throw new TypeError('a list is no parameter of a prepared statement');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Bytes that the messages of a statement take at most: a UTF-16 unit becomes three bytes of UTF-8 at most. */
function sizeOf({
  name,
  text,
  values,
}: {
  name: string;
  text?: string | undefined;
  values: readonly Encoded[];
}): number {
  const parameters = values.reduce(
    (size, value) => size + 6 + (typeof value === 'string' ? value.length * 3 : (value?.length ?? 0)),
    0,
  );
  return 6 * HEADER + 32 + name.length * 3 + (text?.length ?? 0) * 3 + parameters;
}

function createWriter(size: number) {
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  const self = {
    byte(code: string) {
      buffer[at] = code.charCodeAt(0);
      at += 1;
      return self;
    },
    int16(value: number) {
      at = buffer.writeInt16BE(value, at);
      return self;
    },
    int32(value: number) {
      at = buffer.writeInt32BE(value, at);
      return self;
    },
    /** Text that ends with a zero. */
    string(text: string) {
      at += buffer.write(text, at);
      buffer[at] = 0;
      at += 1;
      return self;
    },
    /** A parameter, after its length. */
    value(value: Encoded) {
      if (value === null) return self.int32(NULL);
      const start = at + 4;
      if (typeof value === 'string') at = start + buffer.write(value, start);
      else {
        buffer.set(value, start);
        at = start + value.length;
      }
      buffer.writeInt32BE(at - start, start - 4);
      return self;
    },
    /** A message: its kind, its length, and what `write` says. */
    message(kind: string, write: () => unknown) {
      self.byte(kind);
      const start = at;
      at += 4;
      write();
      buffer.writeInt32BE(at - start, start);
    },
    bytes: () => buffer.subarray(0, at),
  };
  return self;
}
