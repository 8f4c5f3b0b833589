import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { reflect } from '@bufbuild/protobuf/reflect';

/** Whether a dotted path of the request is among what an update touches. */
export type UpdateMask = (path: string) => boolean;

type Reflected = ReturnType<typeof reflect>;

const EVERYTHING: UpdateMask = () => true;

/**
 * How to read the update mask of a request (AIP-134). Its paths are relative to the resource: the HTTP body, or the only other
 * message of the request. What lies beside the resource is never masked. No mask, or `*`, stands for everything.
 */
export function maskOf(request: DescMessage, body: string): (message: Reflected) => UpdateMask {
  const mask = request.fields.find(({ name }) => name === 'update_mask');
  const resource = mask && resourceOf(request, mask, body);
  if (mask === undefined || resource === undefined) return () => EVERYTHING;
  return (message) => {
    if (!message.isSet(mask)) return EVERYTHING;
    const paths = pathsOf(message.get(mask));
    return paths.includes('*') ? EVERYTHING : (path) => isMasked(path, resource.name, paths);
  };
}

function resourceOf(request: DescMessage, mask: DescField, body: string): DescField | undefined {
  const named = request.fields.find(({ name }) => name === body);
  const messages = request.fields.filter((field) => field.fieldKind === 'message' && field !== mask);
  return named ?? (messages.length === 1 ? messages[0] : undefined);
}

function pathsOf(mask: unknown): readonly string[] {
  if (typeof mask !== 'object' || mask === null || !('message' in mask)) return [];
  const { message } = mask;
  const isMask = typeof message === 'object' && message !== null && 'paths' in message && Array.isArray(message.paths);
  return isMask ? (message.paths as string[]) : [];
}

function isMasked(path: string, resource: string, paths: readonly string[]): boolean {
  if (path !== resource && !path.startsWith(`${resource}.`)) return true;
  const inside = path.slice(resource.length + 1);
  return paths.some(
    (masked) => inside === masked || inside.startsWith(`${masked}.`) || masked.startsWith(`${inside}.`),
  );
}
