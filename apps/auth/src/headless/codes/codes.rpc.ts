import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { confirmCode, resendCode } from './confirm-code.ts';
import { requestCode } from './request-code.ts';

/** Serves signing in by codes. */
export function createCodesRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  return bind(auth.HeadlessCodeServiceDefinition, {
    requestCode: serve(requestCode(parts)),
    confirmCode: serve(confirmCode(parts)),
    resendCode: serve(resendCode(parts)),
  });
}
