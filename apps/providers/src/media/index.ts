/** Uploaded pictures and the addresses they are served under. */

export { MediaFileEntity } from './media-file.entity.ts';
