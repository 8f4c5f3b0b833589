import { optionalText, textOf, wireOf } from '../executor/wire.codec.ts';

/** Something that people set up for themselves: `component` says what, `configureUrl` where its flow begins. */
export type Setup = {
  readonly uid: string;
  readonly component: string;
  readonly title: string;
  readonly configureUrl?: string;
  readonly icon?: string;
};

/** Reads an entry of `/stages/all/user_settings/` or `/sources/all/user_settings/`. */
export function decodeSetup(value: unknown): Setup {
  const wire = wireOf(value);
  return {
    uid: textOf(wire, 'object_uid'),
    component: textOf(wire, 'component'),
    title: textOf(wire, 'title'),
    configureUrl: optionalText(wire, 'configure_url'),
    icon: optionalText(wire, 'icon_url'),
  };
}
