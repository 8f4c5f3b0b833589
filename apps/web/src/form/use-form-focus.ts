import { type RefObject, useEffect } from 'react';
import { HEADING_ID } from '../page/heading.tsx';
import type { FieldErrors } from './field-errors.ts';

const FIELDS =
  'input:not([type=hidden],[tabindex="-1"],[readonly]),textarea:not([readonly]),select,button[data-choice]';

/**
 * After every outcome: a refused password is cleared, and focus goes to the first field that is wrong, else to the
 * first that waits to be filled in, else to the first field, else to the heading, where a screen reader starts to
 * read the new step.
 */
export function useFormFocus(form: RefObject<HTMLFormElement | null>, outcomes: number, found?: FieldErrors): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new outcome or finding is the occasion, not an input
  useEffect(() => {
    const element = form.current;
    if (!element) return;
    const wrong = element.querySelector<HTMLElement>('[aria-invalid=true]');
    if (!found) for (const input of passwordsOf(element)) input.value = '';
    if (!found && wrong?.hasAttribute('data-once')) (wrong as HTMLInputElement).select();
    const fields = [...element.querySelectorAll<HTMLInputElement>(FIELDS)];
    const empty = fields.find(({ required, value }) => required && value === '');
    const target = wrong ?? empty ?? fields[0] ?? document.getElementById(HEADING_ID);
    target?.focus();
  }, [form, outcomes, found]);
}

function passwordsOf(form: HTMLFormElement): Iterable<HTMLInputElement> {
  return form.querySelectorAll<HTMLInputElement>('[data-secret]');
}
