import { CODE_NUMBERS, codeOf, common, PosternError, type Violation } from '@postern/errors';
import { rpc } from '@postern/proto';
import { KEYS, type WireMetadata } from './wire.ts';

/** What a transport carries back. It always arrives; a failure is a code, never a rejection. */
export type Reply = {
  /** gRPC status code; 0 is success. */
  readonly code: number;
  /** Message of a failure. */
  readonly details: string;
  readonly body: Uint8Array;
  readonly trailer: WireMetadata;
  /** What failed on this side of the wire, such as a refused connection. */
  readonly cause?: unknown;
};

const NO_BYTES = new Uint8Array();
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const LIMIT = /^violations\.(\d+)\.(.+)$/;

/** A successful answer. */
export function replyOf(body: Uint8Array, trailer: WireMetadata): Reply {
  return { code: 0, details: '', body, trailer };
}

/** An error as a gRPC status with google.rpc details. The cause stays here. */
export function encodeError(error: PosternError, head: WireMetadata = new Map()): Reply {
  const code = CODE_NUMBERS[error.code];
  const { reason, domain, violations } = error;
  const metadata = { ...error.metadata, ...packLimits(violations) };
  const details = [{ type_url: ERROR_INFO, value: rpc.ErrorInfo.encode({ reason, domain, metadata }).finish() }];
  if (violations.length > 0) {
    const field_violations = violations.map(({ field, description, reason }) => ({
      field,
      description,
      reason,
      localized_message: undefined,
    }));
    details.push({ type_url: BAD_REQUEST, value: rpc.BadRequest.encode({ field_violations }).finish() });
  }
  const status = rpc.Status.encode({ code, message: error.message, details }).finish();
  return { code, details: error.message, body: NO_BYTES, trailer: new Map([...head, [KEYS.details, [status]]]) };
}

/** The error that a failed answer stands for. Statuses of other servers get the words of the common catalogue. */
export function decodeError({ code, details, trailer, cause }: Reply): PosternError {
  const packed = trailer.get(KEYS.details)?.[0];
  const known = packed instanceof Uint8Array ? decodeDetails(packed) : undefined;
  return known ?? common[codeOf(code)]({}, { cause: cause ?? details });
}

function decodeDetails(bytes: Uint8Array): PosternError | undefined {
  const status = rpc.Status.decode(bytes);
  const detail = (type: string) => status.details.find(({ type_url }) => type_url === type)?.value;
  const info = detail(ERROR_INFO);
  if (info === undefined) return undefined;
  const { reason, domain, metadata } = rpc.ErrorInfo.decode(info);
  const bad = detail(BAD_REQUEST);
  const broken = bad === undefined ? [] : rpc.BadRequest.decode(bad).field_violations;
  const limits = unpackLimits(metadata);
  const violations = broken.map(
    ({ field, description, reason }, index): Violation => ({
      field,
      description,
      reason,
      ...(limits.has(index) ? { limits: limits.get(index) } : {}),
    }),
  );
  const own = Object.fromEntries(Object.entries(metadata).filter(([key]) => !LIMIT.test(key)));
  return new PosternError({
    code: codeOf(status.code),
    reason,
    domain,
    message: status.message,
    metadata: own,
    violations,
  });
}

/** BadRequest has no room for limits: they travel in ErrorInfo as `violations.<index>.<limit>`. */
function packLimits(violations: readonly Violation[]): Record<string, string> {
  const entries = violations.flatMap(({ limits = {} }, index) =>
    Object.entries(limits).map(([name, value]) => [`violations.${index}.${name}`, value]),
  );
  return Object.fromEntries(entries);
}

function unpackLimits(metadata: Readonly<Record<string, string>>): Map<number, Record<string, string>> {
  const limits = new Map<number, Record<string, string>>();
  for (const [key, value] of Object.entries(metadata)) {
    const [, index, name] = LIMIT.exec(key) ?? [];
    if (index === undefined || name === undefined) continue;
    limits.set(Number(index), { ...limits.get(Number(index)), [name]: value });
  }
  return limits;
}
