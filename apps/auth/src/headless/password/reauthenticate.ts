import { INBUILT_BACKEND } from '../../passwords/index.ts';
import { AUTHENTICATION, bad } from '../headless.answer.ts';
import { text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { problem } from '../headless.problems.ts';
import { noteMethod, personAccount } from '../headless.visit.ts';
import { loginFailure } from '../login.failures.ts';

/** Somebody shows once more who they are, by their password. */
export const reauthenticate = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    needsFactor: false,
    limit: 'reauthenticate',
    form: { password: text() },
    async run(visit, { password }) {
      const account = personAccount(visit.person);
      const key = `${visit.client.host}:${account.username.toLowerCase()}`;
      if (!(await parts.limits.use(visit, 'login_failed', key)))
        return bad(problem('too_many_login_attempts', 'password'));
      const from = { name: account.username, client: visit.client };
      const proof = await parts.passwords.verify(visit.tenant, account, password, [INBUILT_BACKEND], from);
      if (!proof) {
        visit.effects.push(loginFailure(parts, visit, { username: account.username, password }));
        return bad(problem('incorrect_password', 'password'));
      }
      await parts.limits.giveBack(visit, 'login_failed', key);
      visit.effects.push((tx) => proof.settle(tx));
      noteMethod(visit, { method: 'password', reauthenticated: true });
      return AUTHENTICATION;
    },
  });
