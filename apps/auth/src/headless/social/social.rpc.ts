import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { HeadlessOperation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { disconnectAccount, listAccounts } from './accounts.ts';
import { showSignup, signUpByProvider } from './provider.signup.ts';
import { redirectToProvider } from './redirect.ts';
import { createReturn } from './return.ts';
import { socialPartsOf } from './social.parts.ts';
import { signInByToken } from './token.ts';

/** Serves identity providers. */
export function createSocialRpc(headless: HeadlessParts): BoundService {
  const parts = socialPartsOf(headless);
  const { serve } = parts.frame;
  const comeBack = createReturn(parts);

  /** What a browser asks for as a page is answered by another page, and nothing else. */
  async function page(operation: HeadlessOperation, call: Call, otherwise?: () => string | undefined): Promise<object> {
    const { meta } = await serve(operation)({ client: 'browser' }, call);
    const location: unknown = meta?.location ?? otherwise?.();
    if (typeof location === 'string') call.response.redirect(location);
    return {};
  }

  return bind(auth.HeadlessProviderServiceDefinition, {
    redirectToProvider: (form, call) => page(redirectToProvider(parts, form), call),
    returnFromProvider: (answered, call) => page(comeBack.operation(answered), call, () => comeBack.lost(call)),
    signInByProviderToken: serve(signInByToken(parts)),
    getProviderSignup: serve(showSignup(parts)),
    signUpByProvider: serve(signUpByProvider(parts)),
    listProviderAccounts: serve(listAccounts(parts)),
    disconnectProviderAccount: serve(disconnectAccount(parts)),
  });
}
