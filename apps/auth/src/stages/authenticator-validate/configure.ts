import { fieldError, type StageOutcome, type StageRecord } from '../../plans/index.ts';
import type { StageLinks, StageProblems } from '../stage.ports.ts';
import type { AuthenticatorValidateSettings, ValidateVisit } from './settings.ts';

/** What it takes to have people set a device up who have none. */
export type ConfigureDeps = {
  readonly links: Pick<StageLinks, 'stagesOf'>;
  readonly problems: StageProblems;
  /** What a kind of stage is called. */
  readonly modelOf: (kind: string) => { readonly model: string; readonly verboseName: string } | undefined;
};

const NO_DEVICE = 'No (allowed) MFA authenticator configured.';
const NO_STAGES = 'Authenticator validation stage is set to configure user but no configuration flow is set.';

/**
 * What becomes of people without a usable device. Of somebody unknown, and of nobody, it becomes the same: the stages that set devices up
 * turn away whoever has not proved who they are.
 */
export async function notConfigured(visit: ValidateVisit, deps: ConfigureDeps): Promise<StageOutcome> {
  const { settings, request, stage } = visit;
  if (settings.not_configured_action === 'skip') return { kind: 'passed' };
  if (settings.not_configured_action === 'deny') return { kind: 'denied', message: NO_DEVICE };
  const choices = await choicesOf(visit, deps);
  const [only] = choices;
  if (only === undefined) {
    const details = { stage: { pk: stage.pk, name: stage.name } };
    await deps.problems.tell(request, { app: 'authentik.stages.authenticator_validate', message: NO_STAGES, details });
    return { kind: 'denied' };
  }
  return choices.length === 1 ? setUp(only.pk) : offerStages(choices, deps);
}

/** The stage that somebody chose to set a device up in. */
export async function chooseStage(visit: ValidateVisit, chosen: string, deps: ConfigureDeps): Promise<StageOutcome> {
  const isAsked = visit.settings.not_configured_action === 'configure';
  const found = isAsked ? (await choicesOf(visit, deps)).find(({ pk }) => pk === chosen) : undefined;
  return found === undefined ? WRONG_STAGE : setUp(found.pk);
}

/** Said to a stage that was not offered. */
export const WRONG_STAGE: StageOutcome = {
  kind: 'refused',
  errors: { selected_stage: [fieldError('Selected stage is invalid')] },
};

type Choice = Pick<StageRecord, 'name' | 'kind'> & { readonly pk: string };

/** The stages of the settings that are still there, in their order. */
async function choicesOf(
  { settings, request }: { settings: AuthenticatorValidateSettings; request: { tenant: string } },
  { links, modelOf }: ConfigureDeps,
): Promise<Choice[]> {
  const wanted = settings.configuration_stages;
  const found = wanted.length === 0 ? [] : await links.stagesOf(request.tenant, wanted);
  return wanted.flatMap((pk) => found.filter((stage) => stage.pk === pk && modelOf(stage.kind) !== undefined));
}

/** The stage comes next, and this one is done: whoever passes the set-up is not asked again. */
function setUp(pk: string): StageOutcome {
  return { kind: 'passed', insert: [{ kind: 'stored', pk }] };
}

function offerStages(choices: readonly Choice[], { modelOf }: ConfigureDeps): StageOutcome {
  const configuration_stages = choices.map(({ pk, name, kind }) => {
    const model = modelOf(kind);
    return { pk, name, verbose_name: model?.verboseName ?? '', meta_model_name: model?.model ?? '' };
  });
  const fields = { device_challenges: [], configuration_stages };
  return { kind: 'challenge', challenge: { component: 'ak-stage-authenticator-validate', withUser: true, fields } };
}
