import { isJsonObject, type JsonObject } from '../../plans/index.ts';
import { type Answer, bad } from '../headless.answer.ts';
import { type Field, text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import { problem } from '../headless.problems.ts';
import type { Visit } from '../headless.visit.ts';
import { connect, connectRefusal } from './connect.ts';
import { signIn } from './sign-in.ts';
import type { SocialParts } from './social.parts.ts';
import { PROCESSES, type Process } from './social.state.ts';

const INVALID = problem('invalid_token', 'token');

/** Signs in by tokens that an app got from an identity provider. */
export const signInByToken = (parts: SocialParts) =>
  operation({
    form: { provider: text(), process: process(), token: tokens() },
    run: (visit, values) => run(parts, visit, values),
  });

type Values = { readonly provider: string; readonly process: Process; readonly token: JsonObject };

async function run(parts: SocialParts, visit: Visit, { provider: slug, process, token }: Values): Promise<Answer> {
  const client_id = textOf(token, 'client_id');
  const [id_token, access_token] = [textOf(token, 'id_token'), textOf(token, 'access_token')];
  const known = (await parts.providers.all(visit.tenant)).find((each) => each.slug === slug);
  if (known !== undefined && known.openid_configuration_url === '')
    return bad(problem('token_authentication_not_supported', 'provider'));
  if (id_token === '' && access_token === '') return bad(problem('token_required', 'token'));
  if (client_id === '') return bad(problem('client_id_required', 'token'));
  if (!known?.takes_tokens) return bad(INVALID);
  if (process === 'connect') {
    const refused = await connectRefusal(parts, visit);
    if (refused !== undefined) return refused.answer;
  }
  const identity = await parts.sourceClient.verify(visit, { provider: slug, client_id, id_token, access_token });
  if (identity === undefined) return bad(INVALID);
  const act = process === 'connect' ? connect : signIn;
  return (await act(parts, visit, identity, known)).answer;
}

function textOf(token: JsonObject, name: string): string {
  const value = token[name];
  return typeof value === 'string' ? value : '';
}

function process(): Field<Process> {
  return (raw, param) => {
    const read = text()(raw, param);
    if ('problems' in read) return read;
    const value = PROCESSES.find((each) => each === read.value);
    if (value !== undefined) return { value };
    const message = `Select a valid choice. ${read.value} is not one of the available choices.`;
    return { problems: [{ message, code: 'invalid_choice', param }] };
  };
}

function tokens(): Field<JsonObject> {
  return (raw, param) => {
    const missing = raw === undefined || raw === null || raw === '';
    if (missing) return { problems: [problem('required', param), problem('invalid_token', param)] };
    return isJsonObject(raw) ? { value: raw } : { problems: [problem('invalid_token', param)] };
  };
}
