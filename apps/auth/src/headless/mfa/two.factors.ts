import type { Device } from '../../devices/index.ts';
import type { JsonObject } from '../../plans/index.ts';
import { AUTHENTICATION } from '../headless.answer.ts';
import { type Fields, flag, text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import type { StageId } from '../headless.state.ts';
import { noteMethod, type Visit } from '../headless.visit.ts';
import { typeOf } from './authenticators.ts';
import type { FactorChecks } from './factor.checks.ts';
import type { TrustedBrowsers } from './trusted.browsers.ts';

/** How a second factor was shown, as records of methods tell it. */
export function factorRecord(device: Device): JsonObject & { readonly method: string } {
  return { method: 'mfa', id: device.pk, type: typeOf(device) ?? device.class };
}

/** A form that is read only while a step of a login waits: without one, nothing is asked of the body. */
export function whileWaiting<Form extends Fields>({ pipeline }: HeadlessParts, stage: StageId, form: Form) {
  return (visit: Visit): Fields => (pipeline.waiting(visit, stage) === undefined ? {} : form);
}

/** A code as the second factor of a login. */
export const authenticate = (parts: HeadlessParts, checks: FactorChecks) =>
  operation({
    form: whileWaiting(parts, 'mfa_authenticate', { code: text() }),
    async run(visit, { code }) {
      const login = parts.pipeline.waiting(visit, 'mfa_authenticate');
      if (login?.user === undefined) return AUTHENTICATION;
      const checked = await checks.code(visit, login.user, String(code));
      return 'answer' in checked ? checked.answer : passedWith(parts, visit, checked.device);
    },
  });

/** The login goes on with a second factor. */
export async function passedWith({ pipeline }: HeadlessParts, visit: Visit, device: Device) {
  const methods = pipeline.waiting(visit, 'mfa_authenticate')?.methods ?? [];
  const record = { ...factorRecord(device), at: visit.now.getTime() / 1000 };
  return pipeline.pass(visit, { methods: [...methods, record] });
}

/** A code to show once more who one is. */
export const reauthenticate = (checks: FactorChecks) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    form: { code: text() },
    async run(visit, { code }) {
      const checked = await checks.code(visit, visit.person.pk, code);
      if ('answer' in checked) return checked.answer;
      noteMethod(visit, factorRecord(checked.device));
      return AUTHENTICATION;
    },
  });

/** Whether the browser is trusted from now on. */
export const trust = (parts: HeadlessParts, trusted: TrustedBrowsers) =>
  operation({
    client: 'browser',
    isServed: ({ settings }) => settings.mfa_trust_enabled,
    form: { trust: flag() },
    async run(visit, values) {
      const user = parts.pipeline.waiting(visit, 'mfa_trust')?.user;
      if (user === undefined) return AUTHENTICATION;
      if (values.trust) visit.cookies.push(await trusted.trust(visit, user));
      return parts.pipeline.pass(visit);
    },
  });
