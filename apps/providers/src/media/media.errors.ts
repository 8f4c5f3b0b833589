import { defineErrors } from '@postern/errors';

/** What keeping pictures may answer. */
export const mediaErrors = defineErrors('providers.media', {
  MEDIA_STORE_UNAVAILABLE: {
    code: 'UNAVAILABLE',
    message: 'The storage of pictures does not answer. Nothing was changed.',
    doc: 'The object store of uploaded pictures cannot be reached, or fails. The log says how.',
  },
  MEDIA_STORE_REFUSED: {
    code: 'UNAVAILABLE',
    message:
      'The storage of pictures refuses this installation: its bucket or its access key is wrong. Nothing was changed.',
    doc: 'The object store of uploaded pictures answers that the bucket does not exist, or that the access key may not use it. The log says how.',
  },
});
