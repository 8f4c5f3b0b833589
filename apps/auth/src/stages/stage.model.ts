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
  /** Settings that hold the key of a flow or of a stage. */
  readonly links: { readonly [setting: string]: 'flow' | 'stage' };
  /** Left out of the list of types that an administrator chooses from. */
  readonly isForDebugging?: boolean;
};
