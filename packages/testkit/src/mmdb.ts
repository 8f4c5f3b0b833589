/** A writer of MaxMind DB files (format 2.0), as far as tests need one: IPv4 networks, records of 32 bits. */

type Value = string | number | { readonly [key: string]: Value };

/** Networks such as `81.2.69.0/24` and what is known about them. */
export function mmdbOf(networks: Readonly<Record<string, Value>>): Buffer {
  const data: Buffer[] = [];
  const offsets = new Map<Value, number>();
  for (const value of Object.values(networks)) {
    offsets.set(value, Buffer.concat(data).length);
    data.push(encode(value));
  }
  const nodes: [number, number][] = [[0, 0]];
  const leaves: { node: number; side: 0 | 1; offset: number }[] = [];
  for (const [network, value] of Object.entries(networks)) addNetwork(nodes, leaves, network, offsets.get(value) ?? 0);
  const count = nodes.length;
  const tree = Buffer.alloc(count * 8);
  for (const [index, pair] of nodes.entries()) {
    for (const side of [0, 1] as const) {
      const leaf = leaves.find((one) => one.node === index && one.side === side);
      // An empty record points to the number of nodes: nothing is known.
      tree.writeUInt32BE(leaf ? count + 16 + leaf.offset : pair[side] || count, index * 8 + side * 4);
    }
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'GeoLite2-City',
    ip_version: 4,
    node_count: count,
    record_size: 32,
  });
  const marker = Buffer.concat([Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com')]);
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

function addNetwork(
  nodes: [number, number][],
  leaves: { node: number; side: 0 | 1; offset: number }[],
  network: string,
  offset: number,
): void {
  const [address = '', length = '32'] = network.split('/');
  const bits = address
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('')
    .slice(0, Number(length));
  let node = 0;
  for (const [at, bit] of [...bits].entries()) {
    const side = bit === '1' ? 1 : 0;
    if (at === bits.length - 1) leaves.push({ node, side, offset });
    else {
      const pair = nodes[node] ?? [0, 0];
      if (pair[side] === 0) pair[side] = nodes.push([0, 0]) - 1;
      node = pair[side];
    }
  }
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'object') {
    const entries = Object.entries(value);
    return Buffer.concat([
      control(7, entries.length),
      ...entries.flatMap(([key, inner]) => [encode(key), encode(inner)]),
    ]);
  }
  const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8);
  if (Number.isInteger(value)) bytes.writeUInt32BE(value);
  else bytes.writeDoubleBE(value);
  return Buffer.concat([control(Number.isInteger(value) ? 6 : 3, bytes.length), bytes]);
}

function control(type: number, size: number): Buffer {
  if (size >= 29) return Buffer.from([(type << 5) | 29, size - 29]);
  return Buffer.from([(type << 5) | size]);
}
