import { type AnswerSchema, parseAnswer } from './answer.schema.ts';
import type { FlowFacts } from './flow.facts.ts';
import type { FlowRequest } from './flow.request.ts';
import type { JsonObject } from './json.ts';
import type { StageOutcome } from './outcome.ts';
import type { PlanContext } from './plan.context.ts';

/** One look at a stage: everything it may decide on. */
export type StageVisit<S> = {
  readonly stage: { readonly pk: string | null; readonly name: string; readonly kind: string };
  readonly settings: S;
  /** Key of this place in the plan. */
  readonly step: string;
  readonly flow: FlowFacts;
  readonly context: PlanContext;
  readonly memory: JsonObject;
  readonly request: FlowRequest;
  /** Key of the browser session that holds the plan. */
  readonly session: string;
};

/** How a kind of stage is written. `S` are its settings, `A` is the answer it accepts. */
export type StageDefinition<S, A extends object> = {
  /** Short name, as stored: `identification`. */
  readonly kind: string;
  /** Component of the challenge, and of the answers to it. */
  readonly component: string;
  readonly readSettings: (stored: JsonObject) => S;
  /** Reaching the stage: what it asks, or what it decides without asking. */
  readonly enter: (visit: StageVisit<S>) => Promise<StageOutcome>;
  /**
   * Whether `enter` would pass the stage with nothing to ask, to change or to insert: the request that leads here then spares the
   * browser another one. It costs as little as finding that out does. Unset: it is never known before.
   */
  readonly isQuiet?: (visit: StageVisit<S>) => Promise<boolean>;
  /** What an answer must look like. */
  readonly answer: (visit: StageVisit<S>) => Promise<AnswerSchema<A>> | AnswerSchema<A>;
  /** A well-formed answer to the challenge that was shown. Nothing else ever gets here. */
  readonly respond: (visit: StageVisit<S>, answer: A) => Promise<StageOutcome>;
  /** What else follows from an answer that is not well-formed, such as counting it. Unset: it is refused with its errors. */
  readonly malformed?: (visit: StageVisit<S>, outcome: StageOutcome & { kind: 'refused' }) => StageOutcome;
};

/** A kind of stage as the executor sees it: settings and answers are parsed on the way in. */
export type StageKind = {
  readonly kind: string;
  readonly enter: (visit: StageVisit<JsonObject>) => Promise<StageOutcome>;
  readonly isQuiet?: (visit: StageVisit<JsonObject>) => Promise<boolean>;
  readonly respond: (visit: StageVisit<JsonObject>, sent: unknown) => Promise<StageOutcome>;
};

/** The kinds of stages of an engine, by name. */
export type StageKinds = ReadonlyMap<string, StageKind>;

/**
 * Makes a kind of stage. It is the only way to make one, and `respond` of the definition is reached through `parseAnswer` only:
 * an empty, malformed or misdirected answer completes no stage, whatever a stage's author forgets.
 */
export function defineStage<S, A extends object>(definition: StageDefinition<S, A>): StageKind {
  const read = (visit: StageVisit<JsonObject>): StageVisit<S> => ({
    ...visit,
    settings: definition.readSettings(visit.settings),
  });
  return {
    kind: definition.kind,
    enter: (visit) => definition.enter(read(visit)),
    isQuiet: async (visit) => (await definition.isQuiet?.(read(visit))) ?? false,
    respond: async (raw, sent) => {
      const visit = read(raw);
      const parsed = parseAnswer(await definition.answer(visit), definition.component, sent);
      if (parsed.ok) return definition.respond(visit, parsed.value);
      const outcome = { kind: 'refused', errors: parsed.errors } as const;
      return definition.malformed?.(visit, outcome) ?? outcome;
    },
  };
}

/** The kinds by their names. */
export function stageKinds(kinds: readonly StageKind[]): StageKinds {
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}
