/** Addresses of whoever is signed in: added, confirmed, made the primary one, removed. */

export { createAddressesRpc } from './addresses.rpc.ts';
