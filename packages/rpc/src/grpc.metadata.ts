import { Metadata } from '@grpc/grpc-js';
import type { WireMetadata, WireValue } from './wire.ts';

/** Our metadata as grpc-js wants it. */
export function toGrpc(metadata: WireMetadata): Metadata {
  const packed = new Metadata();
  for (const [key, values] of metadata) {
    for (const value of values) packed.add(key, value instanceof Uint8Array ? Buffer.from(value) : value.toString());
  }
  return packed;
}

/** Metadata of grpc-js as ours. */
export function fromGrpc(metadata: Metadata): WireMetadata {
  const entries = Object.entries(metadata.toJSON());
  return new Map<string, readonly WireValue[]>(entries);
}
