import { createContext, useContext } from 'react';

/** The operators' key. It is kept in the memory of the page alone, and is gone when that is left or loaded again. */
export type OperatorKey = {
  readonly key: string | undefined;
  readonly enter: (key: string) => void;
  readonly forget: () => void;
};

export const OperatorContext = createContext<OperatorKey>({ key: undefined, enter: () => {}, forget: () => {} });

export function useOperatorKey(): OperatorKey {
  return useContext(OperatorContext);
}
