import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { changePhone, getPhone } from './change-phone.ts';
import { resendPhoneCode, verifyPhone } from './verify-phone.ts';

/** Serves phone numbers. */
export function createPhoneRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  return bind(auth.HeadlessPhoneServiceDefinition, {
    verifyPhone: serve(verifyPhone(parts)),
    resendPhoneCode: serve(resendPhoneCode(parts)),
    getPhone: serve(getPhone(parts)),
    changePhone: serve(changePhone(parts)),
  });
}
