/** Uploaded pictures and the addresses they are served under. What a file is, is decided by its bytes; nothing in it ever runs. */

export { APPLICATION_ICONS, dropPicture, findPictures, storePicture } from './media.repository.ts';
export { createMediaRpc } from './media.rpc.ts';
export { MediaFileEntity } from './media-file.entity.ts';
