import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { changePassword } from './change-password.ts';
import { reauthenticate } from './reauthenticate.ts';
import { requestReset } from './request-reset.ts';
import { resetPassword, showReset } from './reset-password.ts';

/** Serves passwords. */
export function createHeadlessPasswordRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  return bind(auth.HeadlessPasswordServiceDefinition, {
    requestPasswordReset: serve(requestReset(parts)),
    showPasswordReset: serve(showReset(parts)),
    resetPassword: serve(resetPassword(parts)),
    changePassword: serve(changePassword(parts)),
    reauthenticate: serve(reauthenticate(parts)),
  });
}
