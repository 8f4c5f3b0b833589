import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { logIn } from './log-in.ts';

/** Serves signing in. */
export function createLoginRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  return bind(auth.HeadlessLoginServiceDefinition, { logIn: serve(logIn(parts)) });
}
