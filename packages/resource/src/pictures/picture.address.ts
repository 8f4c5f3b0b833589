import { invalidField } from '@postern/errors';

const ON_THE_WEB = /^https?:\/\/[^\s/?#\\]+[^\s\\]*$/i;
const ON_THIS_HOST = /^\/(?![/\\])[^\s\\]*$/;
const FILE_NAME = /^[^\s:/\\][^\s:\\]*$/;

/** Where a picture is shown from: the web, a path on this host, or a name below the folder of uploads. Throws a field error for anything else. */
export function pictureAddress(text: string): string {
  if (ON_THE_WEB.test(text) || ON_THIS_HOST.test(text)) return text;
  if (!FILE_NAME.test(text)) throw invalidField('url', 'Enter a valid URL.');
  return `/media/public/${text}`;
}
