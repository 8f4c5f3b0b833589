import AngleDoubleDownIcon from '@patternfly/react-icons/dist/esm/icons/angle-double-down-icon';
import AngleDoubleUpIcon from '@patternfly/react-icons/dist/esm/icons/angle-double-up-icon';
import AngleDownIcon from '@patternfly/react-icons/dist/esm/icons/angle-down-icon';
import AngleUpIcon from '@patternfly/react-icons/dist/esm/icons/angle-up-icon';
import type { ReactNode } from 'react';
import { pageLocale } from '../../settings/when.tsx';
import { useWords } from '../messages/admin.messages.ts';

type RowPagerProps = {
  readonly count: number;
  readonly seen: { readonly first: number; readonly end: number };
  /** Scrolls to a row. */
  readonly show: (row: number) => void;
};

/** Which rows of how many are seen, and steps of as many. */
export function RowPager({ count, seen: { first, end }, show }: RowPagerProps) {
  const { table } = useWords();
  const number = (value: number) => value.toLocaleString(pageLocale());
  const size = Math.max(1, end - first - 1);
  const isAll = first === 0 && end >= count;
  return (
    <div className="po-pager">
      <p aria-live="polite">{table.rows(number(first + 1), number(end), number(count))}</p>
      {!isAll && (
        <div className="po-pager-steps">
          <Step label={table.first} isOff={first === 0} go={() => show(0)} icon={<AngleDoubleUpIcon />} />
          <Step
            label={table.previous}
            isOff={first === 0}
            go={() => show(Math.max(0, first - size))}
            icon={<AngleUpIcon />}
          />
          <Step label={table.next} isOff={end >= count} go={() => show(first + size)} icon={<AngleDownIcon />} />
          <Step label={table.last} isOff={end >= count} go={() => show(count)} icon={<AngleDoubleDownIcon />} />
        </div>
      )}
    </div>
  );
}

type StepProps = { readonly label: string; readonly isOff: boolean; readonly go: () => void; readonly icon: ReactNode };

function Step({ label, isOff, go, icon }: StepProps) {
  return (
    <button type="button" className="po-step" aria-label={label} aria-disabled={isOff} onClick={() => isOff || go()}>
      {icon}
    </button>
  );
}
