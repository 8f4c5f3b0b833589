/** What the API calls a kind of stage. */
export type StageModel = {
  /** Short name, as stored. */
  readonly kind: string;
  /** Model label: `authentik_stages_dummy.dummystage`. */
  readonly model: string;
  readonly verboseName: string;
  readonly verboseNamePlural: string;
  /** Component of the form that edits it. */
  readonly component: string;
  /** Settings that hold the key of a flow, of a stage, or of a mapping that another service keeps. */
  readonly links: { readonly [setting: string]: 'flow' | 'stage' | 'mapping' };
  /**
   * Settings that let whoever knows them act elsewhere. They are kept sealed, apart from the others. `readable` ones are answered to those who may change the
   * stage, `write_only` ones to nobody: an update that leaves them out keeps them.
   */
  readonly secrets?: { readonly [setting: string]: 'readable' | 'write_only' };
  /** People set up something of their own with it, in the flow of its setting `configure_flow`; the page shows it with this component. */
  readonly userSettings?: {
    readonly component: string /** Nothing is shown of a stage without a flow. */;
    readonly needsFlow?: true;
  };
  /** Left out of the list of types that an administrator chooses from. */
  readonly isForDebugging?: boolean;
};
