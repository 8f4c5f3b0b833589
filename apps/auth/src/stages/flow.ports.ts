/** What stages need to know of flows, stages and prompts. */

import type { FlowFacts, FlowOutline, FlowRequest, JsonObject, JsonValue, PlanContext } from '../plans/index.ts';

/** Seals what a stage keeps in a plan for later and nobody may read there. What was sealed under one label opens under no other. */
export type StageSeal = {
  readonly seal: (secret: string, label: string) => string;
  readonly open: (sealed: string, label: string) => string;
};

/** Flows and stages that a stage refers to. */
export type StageLinks = {
  readonly flowSlug: (tenant: string, pk: string) => Promise<string | undefined>;
  /** Slug of the first flow of a designation. */
  readonly firstFlowSlug: (tenant: string, designation: string) => Promise<string | undefined>;
  readonly stageSettings: (tenant: string, pk: string) => Promise<JsonObject | undefined>;
  /** Stages by key, in no order; those that are gone are left out. */
  readonly stagesOf: (
    tenant: string,
    pks: readonly string[],
  ) => Promise<readonly { readonly pk: string; readonly name: string; readonly kind: string }[]>;
};

/** Flows that stages hand people over to. */
export type StageFlows = {
  readonly findByPk: (tenant: string, pk: string) => Promise<FlowFacts | undefined>;
  /** The stages of a flow, in their order. */
  readonly outlineOf: (tenant: string, flow: string) => Promise<Pick<FlowOutline, 'bindings'>>;
};

/** Settings of a prompt field. */
export type PromptField = {
  readonly name: string;
  readonly fieldKey: string;
  readonly label: string;
  readonly type: string;
  readonly required: boolean;
  readonly placeholder: string;
  readonly initialValue: string;
  readonly subText: string;
  readonly order: number;
  readonly placeholderExpression: boolean;
  readonly initialValueExpression: boolean;
};

/** The fields that prompt stages are made of. */
export type PromptFields = {
  readonly load: (tenant: string, pks: readonly string[]) => Promise<readonly PromptField[]>;
};

/** Programs that make values of prompts. */
export type PromptValues = {
  /** What they give, in their order; undefined for one that failed. */
  readonly evaluate: (
    programs: readonly { readonly name: string; readonly code: string }[],
    visit: { readonly context: PlanContext; readonly request: FlowRequest },
  ) => Promise<readonly (JsonValue | undefined)[]>;
  /** The same for somebody who tries programs out: one that fails is a field error that says why, and nobody else is told. */
  readonly preview: PromptValues['evaluate'];
};

/** Policies that judge what a prompt stage was told. */
export type PromptPolicies = {
  readonly validate: (
    policies: readonly string[],
    asked: {
      /** What was told, passwords included. */
      readonly data: { readonly [key: string]: JsonValue };
      /** Keys of the passwords among it. */
      readonly secrets: readonly string[];
      readonly context: PlanContext;
      readonly flow: string;
      readonly request: FlowRequest;
    },
  ) => Promise<{ readonly passing: boolean; readonly messages: readonly string[] }>;
};
