import { randomInt } from 'node:crypto';
import { asService } from '@postern/rpc';
import type { Device, NewDevice } from '../../devices/index.ts';
import { sessionContext } from '../../sessions/index.ts';
import { type Answer, CONFLICT } from '../headless.answer.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import { type Effect, type Person, Refused, type Visit } from '../headless.visit.ts';
import type { RecoveryCodes } from './authenticators.codec.ts';

/** Kinds of second factors as the API names them, in its order. */
const TYPES = ['recovery_codes', 'totp', 'webauthn'] as const;

/** A kind of second factor. */
export type FactorType = (typeof TYPES)[number];

const CLASSES = {
  recovery_codes: 'static',
  totp: 'totp',
  webauthn: 'webauthn',
} as const satisfies Record<FactorType, Device['class']>;

/** The kinds that somebody has. */
export function typesOf(devices: readonly Device[]): FactorType[] {
  return TYPES.filter((type) => devices.some((device) => device.class === CLASSES[type]));
}

/** The kind of a device, as records of methods name it. */
export function typeOf(device: Device): FactorType | undefined {
  return TYPES.find((type) => CLASSES[type] === device.class);
}

/** The owner of devices. */
export type Owner = Pick<Person['standing']['user'], 'pk' | 'uuid' | 'username' | 'name' | 'email'>;

/** The devices of people, as the API keeps them. What changes something is an effect. */
export type Authenticators = {
  /** In the order in which they were made. */
  of(visit: Pick<Visit, 'tenant'>, user: number): Promise<readonly Device[]>;
  recoveryCodes(visit: Pick<Visit, 'tenant'>, devices: readonly Device[]): Promise<RecoveryCodes | undefined>;
  /** Whether one of their addresses is not verified, and the tenant wants it to be before there is a second factor. */
  isBarred(visit: Visit, user: number): Promise<boolean>;
  /** Keeps a device; `kept` has it when everything is stored. Refused with `taken` when somebody of the tenant has it already. */
  keep(
    visit: Visit,
    owner: Owner,
    device: NewDevice,
    taken?: Answer,
  ): { readonly effect: Effect; readonly kept: () => Device };
  rename(visit: Visit, owner: Owner, device: Device, name: string): Effect;
  remove(visit: Visit, owner: Owner, devices: readonly Device[]): Effect;
  /** New recovery codes, in place of those there are. Not to be shown later when `isShown`, where the tenant shows them once. */
  newCodes(
    visit: Visit,
    owner: Owner,
    old: readonly Device[],
    isShown: boolean,
  ): { readonly codes: readonly string[]; readonly effect: Effect };
  /** Codes were shown, and are not shown again. */
  forgetCodes(devices: readonly Device[]): Effect;
};

/** What they need. */
export type AuthenticatorDeps = Pick<HeadlessEngine, 'devices' | 'deviceCodes' | 'addresses'>;

/** Creates them. */
export function createAuthenticators({ devices, deviceCodes, addresses }: AuthenticatorDeps): Authenticators {
  const context = ({ tenant, client }: Visit, owner: Owner) => sessionContext(tenant, owner, client);
  const remove: Authenticators['remove'] = (visit, owner, gone) => async (tx) => {
    for (const device of gone) await devices.remove(tx, device, owner.username, context(visit, owner));
  };
  return {
    async of({ tenant }, user) {
      return [...(await devices.ofUser(tenant, user))].sort((a, b) => a.pk - b.pk);
    },
    async recoveryCodes({ tenant }, owned) {
      const lists = owned.filter((device) => device.class === 'static');
      if (lists.length === 0) return undefined;
      const left = await devices.codesOf(
        tenant,
        lists.map(({ pk }) => pk),
      );
      const of = ({ pk }: Device) => left.get(pk) ?? [];
      const unused = lists.reduce((sum, list) => sum + of(list).length, 0);
      const total = lists.reduce((sum, list) => sum + (countIn(list) ?? of(list).length), 0);
      const codes = lists.flatMap((list) =>
        codesIn(list).filter((code) => deviceCodes.hashes(code).some((hash) => of(list).includes(hash))),
      );
      return { devices: lists, total, unused, codes };
    },
    async isBarred({ tenant, settings, call }, user) {
      if (settings.mfa_allow_unverified_email) return false;
      const listed = await addresses.listEmailAddresses({ user }, asService(tenant, call));
      return listed.addresses.some(({ verified }) => !verified);
    },
    keep(visit, owner, device, taken = CONFLICT) {
      const made: Device[] = [];
      return {
        effect: async (tx) => {
          const kept = await devices.keep(tx, device, context(visit, owner));
          if (kept === undefined) throw new Refused(taken);
          made.push(kept);
        },
        kept() {
          const [device] = made;
          if (device === undefined) throw new TypeError('the device was not kept');
          return device;
        },
      };
    },
    rename: (visit, owner, device, name) => (tx) => devices.rename(tx, device, name, context(visit, owner)),
    remove,
    newCodes(visit, owner, old, isShown) {
      const { mfa_recovery_code_count: count, mfa_recovery_code_digits: digits } = visit.settings;
      const { mfa_recovery_codes_show_once: isOnce } = visit.settings;
      const codes = newRecoveryCodes(count, digits);
      const secret = isOnce && isShown ? '' : JSON.stringify(codes);
      const device: NewDevice = {
        user: owner.pk,
        class: 'static',
        name: 'Recovery Codes',
        codes,
        secret,
        data: { total_code_count: codes.length },
      };
      const effect: Effect = async (tx) => {
        await remove(visit, owner, old)(tx);
        await devices.keep(tx, device, context(visit, owner));
      };
      return { codes, effect };
    },
    forgetCodes: (lists) => async (tx) => {
      for (const { pk } of lists) await devices.forgetSecret(tx, pk);
    },
  };
}

/** That many different codes of so many digits. */
function newRecoveryCodes(count: number, digits: number): string[] {
  const codes = new Set<string>();
  const most = Math.min(count, 10 ** digits / 2);
  while (codes.size < most) codes.add(Array.from({ length: digits }, () => randomInt(10)).join(''));
  return [...codes];
}

function countIn({ data }: Device): number | undefined {
  return typeof data.total_code_count === 'number' ? data.total_code_count : undefined;
}

function codesIn({ secret }: Device): string[] {
  const codes: unknown = secret === '' ? [] : JSON.parse(secret);
  return Array.isArray(codes) ? codes.map(String) : [];
}
