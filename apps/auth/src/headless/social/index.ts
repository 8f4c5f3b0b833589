/** Signing in and up by identity providers, and the accounts there that somebody has connected. */

export { createProviderList, type ProviderList } from './provider.list.ts';
export { createSocialRpc } from './social.rpc.ts';
