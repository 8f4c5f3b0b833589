/** Certificates of one process, PEM. Both sides of a connection show theirs and check the other's against `ca`. */
export type Tls = {
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
};
