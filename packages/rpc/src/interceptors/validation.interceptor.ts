import { common, PosternError } from '@postern/errors';
import type { Interceptor } from '../exchange.ts';
import type { RequestValidator } from '../request.validator.ts';

/** Checks the request against the rules of its proto, before the handler sees it. */
export function validateRequests(validators: ReadonlyMap<string, RequestValidator>): Interceptor {
  return async ({ method, request }, next) => {
    const validate = validators.get(method.path);
    if (validate !== undefined) run(validate, request);
    return next();
  };
}

function run(validate: RequestValidator, request: Uint8Array): void {
  try {
    validate(request);
  } catch (error) {
    if (error instanceof PosternError || !(error instanceof Error)) throw error;
    // protovalidate's own errors mean a broken rule in a proto: ours to fix. The rest is bytes that are no message.
    if (error.name === 'CompilationError' || error.name === 'RuntimeError') throw error;
    throw common.MALFORMED_REQUEST({}, { cause: error });
  }
}
