/** gRPC status codes by name, and their numbers on the wire (google.rpc.Code). */
export const CODE_NUMBERS = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** Name of a gRPC status code that says failure. */
export type Code = keyof typeof CODE_NUMBERS;

const NAMES = new Map<number, Code>();
for (const name of Object.keys(CODE_NUMBERS)) {
  if (isCode(name)) NAMES.set(CODE_NUMBERS[name], name);
}

/** Whether a string names a failure code of gRPC. */
export function isCode(name: string): name is Code {
  return Object.hasOwn(CODE_NUMBERS, name);
}

/** Name of a code number; a number that gRPC does not know is UNKNOWN. */
export function codeOf(number: number): Code {
  return NAMES.get(number) ?? 'UNKNOWN';
}
