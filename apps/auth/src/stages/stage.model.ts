import type { FamilyModel } from '../families/index.ts';

/** What the API calls a kind of stage, and what it is besides its settings. */
export type StageModel = FamilyModel & {
  /** Settings that hold the key of a flow, of a stage, or of a mapping that another service keeps. */
  readonly links: { readonly [setting: string]: 'flow' | 'stage' | 'mapping' };
  /**
   * Settings that let whoever knows them act elsewhere. They are kept sealed, apart from the others. `readable` ones are answered to those who may change the
   * stage, `write_only` ones to nobody: an update that leaves them out keeps them.
   */
  readonly secrets?: { readonly [setting: string]: 'readable' | 'write_only' };
  /**
   * Settings by which somebody is believed to be who they say they are, or that run in everybody's page: whose server sends the links, whose
   * service says yes. Superusers alone change them.
   */
  readonly trusted?: readonly string[];
  /**
   * People set up something of their own with it, in the flow of its setting `configure_flow`; the page shows it with this component. With `needsFlow`, nothing
   * is shown of a stage without a flow.
   */
  readonly userSettings?: { readonly component: string; readonly needsFlow?: true };
};
