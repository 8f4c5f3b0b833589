import { rpc } from '@postern/proto';
import { expect, it } from 'vitest';
import { createEncoder } from './encoder.ts';

const info = (reason: string) => rpc.ErrorInfo.fromPartial({ reason, domain: 'postern', metadata: { a: 'b' } });

it('encodes one message after the other, and keeps none of what came before', () => {
  const encode = createEncoder();
  const first = encode(rpc.ErrorInfo, info('x'.repeat(5_000)));
  const second = encode(rpc.ErrorInfo, info('SHORT'));
  expect(second).toEqual(rpc.ErrorInfo.encode(info('SHORT')).finish());
  expect(rpc.ErrorInfo.decode(first).reason).toHaveLength(5_000);
});

it('begins anew after a message that cannot be encoded', () => {
  const encode = createEncoder();
  const broken = {
    encode(_message: string, writer?: Parameters<typeof rpc.ErrorInfo.encode>[1]): { finish(): Uint8Array } {
      writer?.uint32(10).string('half');
      throw new Error('the rest is missing');
    },
  };
  expect(() => encode(broken, '')).toThrow('the rest is missing');
  expect(encode(rpc.ErrorInfo, info('WHOLE'))).toEqual(rpc.ErrorInfo.encode(info('WHOLE')).finish());
});
