import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** What turns messages to bytes. */
type Encodes<Message> = { encode(message: Message, writer?: BinaryWriter): { finish(): Uint8Array } };

/** Messages above this size leave no memory behind. */
const LARGEST = 1 << 20;

/**
 * Creates what encodes messages one after the other in the same memory. A writer for each grows by doubling, outside of the heap: thousands of calls
 * a second then make V8 stop for whole collections.
 */
export function createEncoder(): <Message>(codec: Encodes<Message>, message: Message) => Uint8Array {
  let writer = new BinaryWriter();
  return (codec, message) => {
    try {
      const bytes = codec.encode(message, writer).finish();
      if (bytes.length > LARGEST) writer = new BinaryWriter();
      return bytes;
    } catch (error) {
      // What it has written of this message must not begin the next one.
      writer = new BinaryWriter();
      throw error;
    }
  };
}
