import { useEffect, useState } from 'react';
import { wireOf } from '../executor/wire.codec.ts';
import {
  abortCeremony,
  canUseKeys,
  proveKey,
  registerKey,
  type Trouble,
} from '../stages/authenticators/webauthn.ceremony.ts';
import { useAccount } from './account.context.ts';
import type { Message } from './headless.message.ts';

type UseKey = {
  /** Where the options come from. */
  readonly path: string;
  readonly kind: 'prove' | 'register';
  /** Hands in what the key made of them. */
  readonly send: (credential: object) => Promise<Message>;
};

/** One conversation with a security key: options, the browser's dialog, and the answer to what came of it. */
export function useKey({ path, kind, send }: UseKey) {
  const { request } = useAccount();
  const [trouble, setTrouble] = useState<Trouble | undefined>(() => (canUseKeys() ? undefined : 'unsupported'));
  const [isOpen, setOpen] = useState(false);
  useEffect(() => abortCeremony, []);

  const start = async (): Promise<Message | undefined> => {
    setTrouble(undefined);
    const message = await request('GET', path);
    if (message.status !== 200) return message;
    const { request_options: proof, creation_options: making } = wireOf(message.data);
    setOpen(true);
    const ceremony = kind === 'prove' ? proveKey : registerKey;
    const outcome = await ceremony(wireOf(wireOf(kind === 'prove' ? proof : making).publicKey));
    setOpen(false);
    if ('credential' in outcome) return send(outcome.credential);
    if (outcome.trouble !== 'aborted') setTrouble(outcome.trouble);
    return undefined;
  };
  return { start, isOpen, trouble };
}
