import type { ReactNode } from 'react';

type PersonProps = { readonly user: string; readonly avatar: string; readonly children?: ReactNode };

/** Somebody's picture and name in one line, with what they may do about it at its end. */
export function Person({ user, avatar, children }: PersonProps) {
  return (
    <div className="po-user">
      {avatar !== '' && <img className="po-avatar" src={avatar} alt="" />}
      <span className="po-user-name">{user}</span>
      {children}
    </div>
  );
}
