import type { MouseEvent, ReactNode } from 'react';
import { useAccount } from './account.context.ts';

type AccountLinkProps = { readonly href: string; readonly children: ReactNode; readonly current?: boolean };

/** A link to another page of these: followed in place, unless somebody wants it elsewhere. */
export function AccountLink({ href, children, current = false }: AccountLinkProps) {
  const { go } = useAccount();
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return (
    <a href={href} onClick={follow} {...(current && { 'aria-current': 'page' as const })}>
      {children}
    </a>
  );
}
