import { createHash, timingSafeEqual } from 'node:crypto';
import { common } from '@postern/errors';
import type { ServiceGuard } from '@postern/rpc';
import { tenantErrors } from './tenant.errors.ts';

/**
 * Lets in whoever presents the key of the setting, and nobody else. Throws NOT_FOUND where there is no key, PERMISSION_DENIED without it or with
 * another, TENANTS_SCHEME_UNSUPPORTED for anything but a bearer. A header of one word counts as absent, as it does for users.
 */
export function createApiKeyGuard(key: string | undefined): ServiceGuard {
  const expected = key ? digestOf(key) : undefined;
  return ({ authorization = '' }) => {
    if (!expected) throw common.NOT_FOUND();
    const [scheme = '', ...rest] = authorization.trim().split(/\s+/);
    if (rest.length === 0) throw common.PERMISSION_DENIED();
    if (scheme.toLowerCase() !== 'bearer') throw tenantErrors.TENANTS_SCHEME_UNSUPPORTED();
    // Digests have one length, so that comparing tells nothing about that of the key.
    if (!timingSafeEqual(digestOf(rest.join(' ')), expected)) throw common.PERMISSION_DENIED();
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
