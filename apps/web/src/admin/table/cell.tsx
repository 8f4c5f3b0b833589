import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import { isWire, optionalText } from '../../executor/wire.codec.ts';
import { pageLocale, When } from '../../settings/when.tsx';
import { type AdminMessages, choiceLabel, useWords } from '../messages/admin.messages.ts';
import type { FieldSchema } from '../schema/field.schema.ts';

type CellProps = { readonly value: unknown; readonly field: FieldSchema | undefined };

/** States that deserve a colour, by their value. */
const TONES: Readonly<Record<string, string>> = {
  successful: 'good',
  warning: 'warning',
  alert: 'danger',
  error: 'danger',
  login_failed: 'warning',
  suspicious_request: 'danger',
  configuration_error: 'danger',
  policy_exception: 'danger',
  property_mapping_exception: 'danger',
  system_exception: 'danger',
  system_task_exception: 'danger',
};

/** A value in a table or a list of details, as its schema says. */
export function Cell({ value, field }: CellProps) {
  const words = useWords();
  if (value === true) return <CheckIcon className="po-yes" aria-label={words.yes} role="img" />;
  if (value === false) return <span className="po-faint">{words.no}</span>;
  if (isEmpty(value)) return <span className="po-faint">–</span>;
  if (field?.kind === 'time' && typeof value === 'string') return <When time={value} say={(when) => when} />;
  if (typeof value === 'string' && (field?.kind === 'choice' || value.toLowerCase() in TONES))
    return <Badge value={value} />;
  return <>{textFor(value, words)}</>;
}

/** Whether there is nothing to show. */
export function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isWire(value)) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '';
}

/** A value of a choice, coloured where it is good or bad news. */
export function Badge({ value }: { readonly value: string }) {
  return (
    <span className="po-badge" data-tone={TONES[value.toLowerCase()]}>
      {choiceLabel(value, useWords())}
    </span>
  );
}

/** A value in a line of plain text. */
export function textFor(value: unknown, words: AdminMessages): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return value.toLocaleString(pageLocale());
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => textFor(item, words)).join(', ');
  if (isWire(value)) return optionalText(value, 'name') ?? optionalText(value, 'username') ?? JSON.stringify(value);
  return '';
}
