/** JSON to messages and messages to JSON, compiled from the descriptors: one set of rules for the gateway and for blueprints. */

export type { Decoder } from './decode/decoder.ts';
export { fieldDecoder } from './decode/field.decoder.ts';
export {
  createMessageDecoders,
  type DecodedMessage,
  type MessageDecoder,
  type Strictness,
} from './decode/message.decoder.ts';
export { type PathDecoder, pathDecoder } from './decode/path.decoder.ts';
export { type QueryDecoder, queryDecoder } from './decode/query.decoder.ts';
export { createMessageEncoders } from './encode/message.encoder.ts';
export type { Encoder, Message } from './encode/value.encoder.ts';
export { textOfRule } from './field.texts.ts';
export { serviceDefinitions } from './service.definitions.ts';
