import type { JsonValue } from '../../plans/index.ts';
import { type ListedSession, sessionContext } from '../../sessions/index.ts';
import { AUTHENTICATION, bad, ok } from '../headless.answer.ts';
import type { Field } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { type Problem, problem } from '../headless.problems.ts';
import { createHeadlessSessions } from '../headless.repository.ts';
import { type Person, secondsOf, type Visit } from '../headless.visit.ts';

const PARAM = 'sessions';
const LONGEST_AGENT = 200;
/** More is no number that a session has. */
const MOST_IDS = 1000;

/** Tells in which browsers and apps somebody is signed in. */
export const listSessions = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    run: async (visit) => ok(shown(visit, await parts.sessions.ofUser(visit.tenant, visit.person.pk))),
  });

/** Ends sessions of somebody. The tokens of those of apps are unknown from then on. */
export const endSessions = (parts: HeadlessParts) =>
  operation({
    gate: 'authenticated',
    form: { [PARAM]: numbers },
    async run(visit, { [PARAM]: named }) {
      const { tenant, person, client } = visit;
      const all = await parts.sessions.ofUser(tenant, person.pk);
      const unknown = named.find((number) => !all.some((session) => session.number === number));
      if (unknown !== undefined) return bad(notAChoice(unknown));
      const isEnded = ({ number }: ListedSession) => named.includes(number);
      const ended = all.filter(isEnded);
      const others = ended.filter(({ key }) => key !== person.session);
      const context = sessionContext(tenant, person.standing.user, client);
      visit.effects.push(async (tx) => {
        for (const { pk } of others) await parts.sessions.end(tx, { pk }, 'deleted', context);
        await createHeadlessSessions(parts.database).forget(
          tx,
          others.map(({ key }) => key),
        );
      });
      if (others.length === ended.length)
        return ok(
          shown(
            visit,
            all.filter((session) => !isEnded(session)),
          ),
        );
      visit.ending = { kind: 'flush' };
      return AUTHENTICATION;
    },
  });

function shown(
  { person, settings }: Visit & { readonly person: Person },
  sessions: readonly ListedSession[],
): JsonValue {
  return sessions.map(({ key, number, address, userAgent, since, lastUsed }) => ({
    user_agent: userAgent.slice(0, LONGEST_AGENT),
    ip: address,
    created_at: secondsOf(since),
    is_current: key === person.session,
    id: number,
    ...(settings.usersessions_track_activity && { last_seen_at: secondsOf(lastUsed) }),
  }));
}

/** A list of numbers of sessions. */
const numbers: Field<readonly number[]> = (raw, param) => {
  if (raw === undefined || raw === null || raw === '' || raw === false)
    return { problems: [problem('required', param)] };
  if (!Array.isArray(raw)) return { problems: [{ message: 'Enter a list of values.', code: 'invalid_list', param }] };
  if (raw.length === 0) return { problems: [problem('required', param)] };
  const wrong = raw.slice(0, MOST_IDS + 1).find((one, index) => index === MOST_IDS || !isNumber(one));
  if (wrong === undefined) return { value: raw.map(Number) };
  const text = typeof wrong === 'object' ? JSON.stringify(wrong) : String(wrong);
  return { problems: [{ message: `“${text.slice(0, 100)}” is not a valid value.`, code: 'invalid_pk_value', param }] };
};

function isNumber(raw: unknown): boolean {
  return /^\d{1,15}$/.test(typeof raw === 'string' || typeof raw === 'number' ? String(raw) : '');
}

function notAChoice(number: number): Problem {
  const message = `Select a valid choice. ${number} is not one of the available choices.`;
  return { message, code: 'invalid_choice', param: PARAM };
}
