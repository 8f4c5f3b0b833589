import { renderApiError } from './api.renderer.ts';
import type { Renderer } from './rendered.ts';

/**
 * Errors of the REST auth API: those of the admin API but for two. Who shows no credential, or a worthless one, gets 401 and is told
 * what would do; an operation that cannot be done as a whole says why under `non_field_errors`, as a text.
 */
export const renderRestError: Renderer = (error, context) => {
  const rendered = renderApiError(error, context);
  // Pages lead to where a second factor is set up by this id. No credential would do, so none is named.
  if (error.reason === 'FACTOR_REQUIRED')
    return { ...rendered, status: 401, body: JSON.stringify({ id: 'mfa_register', error: error.message }) };
  if (error.code === 'UNAUTHENTICATED')
    return { ...rendered, status: 401, headers: { ...rendered.headers, 'www-authenticate': 'Token' } };
  if (error.code !== 'FAILED_PRECONDITION' || error.violations.length > 0) return rendered;
  return { ...rendered, body: JSON.stringify({ non_field_errors: error.message }) };
};
