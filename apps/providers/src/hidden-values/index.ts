/** Values of this service's objects that nobody is answered, for exports of the whole configuration. */

export { createHiddenValueRpc } from './hidden-value.rpc.ts';
