import { defineConfig, secret, text, url } from '@postern/config';

/** Where uploaded pictures are kept: in the database, or in an object store that speaks the protocol of S3. */
export const MEDIA_SETTINGS = {
  s3: defineConfig({
    endpoint: url(
      'Object store for uploaded icons of applications, such as `https://s3.eu-central-1.amazonaws.com`. Default: they are kept in the database.',
    ),
    region: text('Region that requests to the object store are signed for.', 'us-east-1'),
    bucket: text('Bucket of the object store. It must exist, and need not be public.'),
    prefix: text('First part of the names of objects, such as `postern/`.', ''),
    accessKey: secret('Id of the access key of the object store.'),
    secretKey: secret('Secret of the access key of the object store.'),
  }),
};

/** What the settings say of an object store. */
export type S3Settings = {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

type Revealable = { reveal(): string };

type RawS3 = {
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly bucket?: string | undefined;
  readonly prefix: string;
  readonly accessKey?: Revealable | undefined;
  readonly secretKey?: Revealable | undefined;
};

/** The object store that is to be used; undefined for none. Throws for one that is described in part. */
export function s3SettingsOf({
  endpoint,
  region,
  bucket,
  prefix,
  accessKey,
  secretKey,
}: RawS3): S3Settings | undefined {
  if (!endpoint) return undefined;
  if (!bucket) throw missing('BUCKET');
  if (!accessKey) throw missing('ACCESS_KEY');
  if (!secretKey) throw missing('SECRET_KEY');
  return { endpoint, region, bucket, prefix, accessKey: accessKey.reveal(), secretKey: secretKey.reveal() };
}

function missing(name: string): Error {
  return new Error(`POSTERN_MEDIA__S3__${name}: is required with POSTERN_MEDIA__S3__ENDPOINT`);
}
