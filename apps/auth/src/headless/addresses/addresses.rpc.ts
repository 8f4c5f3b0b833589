import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { addAddress } from './add-address.ts';
import { listAddresses, removeAddress, resendAddress, setPrimaryAddress } from './change-addresses.ts';

/** Serves the addresses of whoever is signed in. */
export function createAddressesRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  return bind(auth.HeadlessEmailServiceDefinition, {
    listEmails: serve(listAddresses(parts)),
    addEmail: serve(addAddress(parts)),
    resendEmail: serve(resendAddress(parts)),
    setPrimaryEmail: serve(setPrimaryAddress(parts)),
    removeEmail: serve(removeAddress(parts)),
  });
}
