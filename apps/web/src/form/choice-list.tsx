import AngleRightIcon from '@patternfly/react-icons/dist/esm/icons/angle-right-icon';
import type { ReactNode } from 'react';

export type ChoiceItem = {
  readonly key: string;
  readonly title: string;
  readonly hint?: string;
  readonly icon: ReactNode;
};

type ChoiceListProps = {
  /** Names the list. */
  readonly label: string;
  readonly items: readonly ChoiceItem[];
  readonly choose: (key: string) => void;
  readonly isDisabled?: boolean;
};

/** A few things to pick one of, each a large button with a picture, a name and a word about it. */
export function ChoiceList({ label, items, choose, isDisabled = false }: ChoiceListProps) {
  return (
    <ul className="po-choices" aria-label={label}>
      {items.map(({ key, title, hint, icon }) => (
        <li key={key}>
          <button
            type="button"
            className="po-choice"
            aria-disabled={isDisabled}
            onClick={() => isDisabled || choose(key)}
          >
            <span className="po-choice-icon">{icon}</span>
            <span className="po-choice-words">
              <strong>{title}</strong>
              {hint && <small>{hint}</small>}
            </span>
            <AngleRightIcon className="po-choice-arrow" />
          </button>
        </li>
      ))}
    </ul>
  );
}
