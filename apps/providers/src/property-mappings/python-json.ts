/**
 * JSON as Python's `json.dumps` writes it: blanks after commas and colons, everything beyond ASCII escaped. With an indent, members stand on
 * lines of their own.
 */
export function pythonJson(value: unknown, indent = 0): string {
  return write(value, indent, indent > 0 ? '\n' : '');
}

function write(value: unknown, indent: number, line: string): string {
  if (Array.isArray(value)) {
    return enclosed(
      '[]',
      value.map((item) => write(item, indent, deeper(line, indent))),
      indent,
      line,
    );
  }
  if (typeof value !== 'object' || value === null) return ascii(JSON.stringify(value ?? null));
  const members = Object.entries(value).map(([name, member]) => {
    const text = write(member, indent, deeper(line, indent));
    return `${ascii(JSON.stringify(name))}: ${text}`;
  });
  return enclosed('{}', members, indent, line);
}

function enclosed(brackets: '[]' | '{}', items: readonly string[], indent: number, line: string): string {
  const [open, close] = brackets;
  if (items.length === 0) return brackets;
  if (line === '') return `${open}${items.join(', ')}${close}`;
  const inner = deeper(line, indent);
  return `${open}${inner}${items.join(`,${inner}`)}${line}${close}`;
}

function deeper(line: string, indent: number): string {
  return line === '' ? '' : `${line}${' '.repeat(indent)}`;
}

function ascii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
