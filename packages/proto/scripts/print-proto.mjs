/** Prints a compiled file descriptor as proto source, as far as buf/validate/validate.proto needs it: no comments, no custom options. */

const LABELS = { 1: 'optional ', 2: 'required ', 3: 'repeated ' };
const SCALARS = [
  '',
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'group',
  'message',
  'bytes',
  'uint32',
  'enum',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
];

/** @param {import('@bufbuild/protobuf').DescFile} file */
export function printFile({ proto }) {
  return [
    `syntax = "${proto.syntax || 'proto2'}";`,
    `package ${proto.package};`,
    ...proto.dependency.map((name) => `import "${name}";`),
    ...proto.extension.map((field) => `extend ${field.extendee} { ${printField(field)} }`),
    ...proto.enumType.map(printEnum),
    ...proto.messageType.map(printMessage),
    '',
  ].join('\n');
}

function printMessage(message) {
  const maps = new Map(message.nestedType.filter((type) => type.options?.mapEntry).map((type) => [type.name, type]));
  const nested = message.nestedType.filter((type) => !maps.has(type.name)).map(printMessage);
  const isMember = (field) =>
    field.oneofIndex !== undefined && Object.hasOwn(field, 'oneofIndex') && !field.proto3Optional;
  const oneofs = message.oneofDecl.map(({ name }, index) => {
    const members = message.field.filter((field) => isMember(field) && field.oneofIndex === index);
    return `oneof ${name} { ${members.map((field) => printField(field, true)).join(' ')} }`;
  });
  const fields = message.field.filter((field) => !isMember(field)).map((field) => printField(field));
  const ranges = message.extensionRange.map(
    ({ start, end }) => `extensions ${start} to ${end > 536870000 ? 'max' : end - 1};`,
  );
  const body = [...message.enumType.map(printEnum), ...nested, ...oneofs, ...fields, ...ranges].join('\n');
  return `message ${message.name} {\n${body}\n}`;
}

function printField(field, inOneof = false) {
  const type = field.typeName || SCALARS[field.type];
  return `${inOneof ? '' : LABELS[field.label]}${type} ${field.name} = ${field.number};`;
}

function printEnum({ name, value }) {
  const isAliased = new Set(value.map(({ number }) => number)).size < value.length;
  const values = value.map((one) => `${one.name} = ${one.number};`);
  return `enum ${name} { ${isAliased ? 'option allow_alias = true; ' : ''}${values.join(' ')} }`;
}
