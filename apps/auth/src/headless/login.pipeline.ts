import type { JsonObject } from '../plans/index.ts';
import { type Answer, AUTHENTICATION } from './headless.answer.ts';
import { type Login, type MethodRecord, STAGES, type StageId } from './headless.state.ts';
import { pendingLogin, secondsOf, type Visit } from './headless.visit.ts';

/** What a step of a login finds. */
export type StageTurn =
  /** It asks nothing of this login. */
  | { readonly kind: 'pass' }
  /** It waits for the client, and remembers something. */
  | { readonly kind: 'wait'; readonly memory: JsonObject }
  /** The login is over without anybody being signed in, and nothing waits. */
  | { readonly kind: 'abandon' }
  /** It cannot wait: the answer says why, and nothing changes. */
  | { readonly kind: 'refuse'; readonly answer: Answer };

/** A step that may have to be passed before somebody is signed in. */
export type LoginStage = {
  readonly id: StageId;
  /** Asked once for each login that comes to this step; sends what it has to send by an effect of the visit. */
  enter(visit: Visit, login: Login): Promise<StageTurn>;
  /** Whether what it waits for cannot come any more, such as a code that is too old: nothing waits then. Default: it can. */
  isOver?(visit: Visit, memory: JsonObject): boolean;
  /** Members of the flow beside `id` and `is_pending`, such as `types`. */
  describe?(visit: Visit, login: Login): Promise<JsonObject>;
};

/** Logins, from the first proof to the session. */
export type LoginPipeline = {
  /** Begins a login in place of any other, and goes on as far as it gets. `record` says how somebody showed who they are; none for a sign-up. */
  begin(visit: Visit, login: LoginStart): Promise<Answer>;
  /** The step that waits is passed: goes on as far as it gets. */
  pass(visit: Visit, changes?: Partial<Pick<Login, 'user' | 'email' | 'methods'>>): Promise<Answer>;
  /** The login that waits, unless it has waited too long, or for something that cannot come any more. */
  pending(visit: Visit): Login | undefined;
  /** The login that waits for this step; undefined for another one, none, or one that has waited too long. */
  waiting(visit: Visit, stage: StageId): (Login & { readonly stage: StageId }) | undefined;
  /** Changes what the step that waits remembers. With a user, the login of nobody is theirs from now on; with an applicant, that is who would have signed up. */
  note(visit: Visit, memory: JsonObject, joined?: Partial<Pick<Login, 'user' | 'applicant'>>): void;
  /** Gives the login up. */
  abandon(visit: Visit): void;
  /** What the flow of the step that waits says beside its name. */
  describe(visit: Visit, login: Login): Promise<JsonObject>;
};

/** How a login begins. */
export type LoginStart = Pick<Login, 'by'> &
  Partial<Pick<Login, 'user' | 'email' | 'phone' | 'isSignup' | 'applicant' | 'passed' | 'memory'>> & {
    readonly record?: JsonObject & { readonly method: string };
  };

/** Creates the pipeline of these steps, whatever order they are given in. */
export function createLoginPipeline(stages: readonly LoginStage[]): LoginPipeline {
  const byId = new Map(stages.map((stage) => [stage.id, stage]));

  async function advance(visit: Visit, login: Login): Promise<Answer> {
    let current = login;
    for (const id of STAGES) {
      if (current.passed.includes(id)) continue;
      const turn = (await byId.get(id)?.enter(visit, current)) ?? { kind: 'pass' };
      if (turn.kind === 'refuse') return turn.answer;
      if (turn.kind === 'abandon') {
        keep(visit, undefined);
        return AUTHENTICATION;
      }
      if (turn.kind === 'wait') {
        keep(visit, { ...current, stage: id, memory: { ...current.memory, [id]: turn.memory } });
        return AUTHENTICATION;
      }
      current = { ...current, passed: [...current.passed, id] };
    }
    keep(visit, undefined);
    const { user } = current;
    // Whom nobody knows waits for ever, in a step that cannot be passed.
    if (user === undefined) return AUTHENTICATION;
    visit.ending = { kind: 'sign-in', login: { ...current, user } };
    return AUTHENTICATION;
  }

  function pending(visit: Visit): Login | undefined {
    const login = pendingLogin(visit);
    const { stage } = login ?? {};
    const isOver = stage !== undefined && byId.get(stage)?.isOver?.(visit, login?.memory[stage] ?? {}) === true;
    return isOver ? undefined : login;
  }

  return {
    pending,
    async begin(visit, { record, ...start }) {
      const at = secondsOf(visit.now);
      const methods: MethodRecord[] = record === undefined ? [] : [{ ...record, at }];
      return advance(visit, { isSignup: false, passed: [], memory: {}, ...start, began: at, methods });
    },
    async pass(visit, changes = {}) {
      const { stage, ...login } = pending(visit) ?? {};
      if (stage === undefined || !isLogin(login)) return AUTHENTICATION;
      return advance(visit, { ...login, ...changes, passed: [...login.passed, stage] });
    },
    waiting(visit, stage) {
      const login = pending(visit);
      return login?.stage === stage ? { ...login, stage } : undefined;
    },
    note(visit, memory, { user, applicant } = {}) {
      const login = pending(visit);
      if (login?.stage === undefined) return;
      const theirs = user === undefined ? applicant && { applicant } : { user, applicant: undefined };
      keep(visit, { ...login, ...theirs, memory: { ...login.memory, [login.stage]: memory } });
    },
    abandon: (visit) => keep(visit, undefined),
    describe: async (visit, login) =>
      login.stage === undefined ? {} : ((await byId.get(login.stage)?.describe?.(visit, login)) ?? {}),
  };
}

function isLogin(login: Partial<Login>): login is Login {
  return login.began !== undefined;
}

function keep(visit: Visit, login: Login | undefined): void {
  visit.state = { ...visit.state, login };
}
