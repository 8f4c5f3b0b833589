/** The addresses that uploaded pictures are served under. */

export { APPLICATION_ICONS, createMediaRpc } from './media.rpc.ts';
