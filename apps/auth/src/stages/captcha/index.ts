/** Asks a captcha service, by way of the page, whether there is a person. The service's verdict is asked for by the server; a service that is away lets nobody pass. */

import type { Egress } from '@postern/egress';
import { defineStage, fieldError, readSettings, type StageKind, text } from '../../plans/index.ts';
import { captchaSettings } from './settings.ts';
import { type CaptchaVerdict, verifyCaptcha } from './verify.client.ts';

export { captchaModel, captchaSettings } from './settings.ts';

/** Creates the captcha stage. */
export function createCaptchaStage({ egress }: { egress: Pick<Egress, 'call'> }): StageKind {
  return defineStage({
    kind: 'captcha',
    component: 'ak-stage-captcha',
    readSettings: (stored) => readSettings(captchaSettings, stored),
    enter: async ({ settings: { public_key, js_url } }) => ({
      kind: 'challenge',
      challenge: { component: 'ak-stage-captcha', withUser: true, fields: { site_key: public_key, js_url } },
    }),
    answer: () => ({ token: text() }),
    respond: async ({ settings, request }, { token }) => {
      const { address } = request.client;
      const verdict = await verifyCaptcha(egress, { ...settings, token, address });
      if (verdict.kind === 'person') return { kind: 'passed' };
      return { kind: 'refused', errors: { token: [fieldError(reasonOf(verdict))] } };
    },
  });
}

function reasonOf(verdict: CaptchaVerdict): string {
  const failed = 'Failed to validate token';
  if (verdict.kind !== 'refused' || verdict.codes.length === 0) return failed;
  // Clients know the text with the codes written as Python writes a list.
  return `${failed}: [${verdict.codes.map(quoted).join(', ')}]`;
}

function quoted(code: string): string {
  const mark = code.includes("'") && !code.includes('"') ? '"' : "'";
  const escaped = code.replaceAll('\\', '\\\\');
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}
