import { auth } from '@postern/proto';
import type { JsonObject, JsonValue } from '../plans/index.ts';
import type { Answer } from './headless.answer.ts';
import type { Flows } from './headless.flows.ts';
import type { Person, Visit } from './headless.visit.ts';

/** Puts answers into the words of the API. */
export type Presenter = {
  present(visit: Visit, answer: Answer): Promise<auth.HeadlessAnswer>;
  /** The session of an app is over (410). */
  gone(visit: Visit): Promise<auth.HeadlessAnswer>;
  /** An answer that says no more than its status. */
  bare(status: number): auth.HeadlessAnswer;
  /** Somebody, as answers show them. */
  user(visit: Visit, person: Pick<Person, 'standing'>): Promise<JsonObject>;
};

/** What presenting needs. */
export type PresenterDeps = {
  readonly flows: Flows;
  readonly hasPassword: (visit: Visit, user: number) => Promise<boolean>;
};

/** Creates the presenter. */
export function createPresenter({ flows, hasPassword }: PresenterDeps): Presenter {
  async function user(visit: Visit, { standing }: Pick<Person, 'standing'>): Promise<JsonObject> {
    const { pk, username, email } = standing.user;
    const has_usable_password = await hasPassword(visit, pk);
    return { id: pk, display: username, ...(email && { email }), has_usable_password, username };
  }

  async function authenticated(visit: Visit, person: Person): Promise<{ user: JsonObject; methods: JsonObject[] }> {
    return { user: await user(visit, person), methods: [...visit.state.methods] };
  }

  async function authentication(visit: Visit): Promise<auth.HeadlessAnswer> {
    const { person } = visit;
    if (person) return answerOf(visit, 200, await authenticated(visit, person), { is_authenticated: true });
    return answerOf(visit, 401, { flows: [...(await flows.anonymous(visit))] }, { is_authenticated: false });
  }

  return {
    user,
    bare: (status) => auth.HeadlessAnswer.fromPartial({ status }),
    async gone(visit) {
      const listed = await flows.anonymous(visit);
      return answerOf(visit, 410, { flows: [...listed] }, { is_authenticated: false });
    },
    async present(visit, given) {
      const answer = given.kind === 'later' ? given.answer() : given;
      if (answer.kind === 'later') throw new TypeError('an answer is made once');
      if (answer.kind === 'authentication') return authentication(visit);
      const { person } = visit;
      if (answer.kind === 'reauthentication') {
        if (!person) return authentication(visit);
        const listed = await flows.reauthentication(visit, person.pk);
        const data = { ...(await authenticated(visit, person)), flows: [...listed] };
        return answerOf(visit, 401, data, { is_authenticated: true });
      }
      const { status, data, meta, errors = [] } = answer;
      return { ...answerOf(visit, status, data, meta), errors: [...errors] };
    },
  };
}

function answerOf(visit: Visit, status: number, data?: JsonValue, meta: JsonObject = {}): auth.HeadlessAnswer {
  const whole = { ...meta, ...visit.meta };
  return auth.HeadlessAnswer.fromPartial({
    status,
    ...(data !== undefined && { data }),
    ...(Object.keys(whole).length > 0 && { meta: whole }),
  });
}
