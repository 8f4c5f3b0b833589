import AngleDownIcon from '@patternfly/react-icons/dist/esm/icons/angle-down-icon';
import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import type { Me } from './portal.client.ts';
import { SIGN_OUT_ADDRESS } from './sign-in.address.ts';
import { PORTAL_HREF, settingsHref } from './user.route.ts';

/** Whose session this is, with what they can do about it: a button that shows a few links. */
export function PersonMenu({ me }: { readonly me: Me }) {
  const { signOut, settings, portalTitle, administration } = useMessages();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => setOpen(false);
  const leave = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !open) return;
    close();
    button.current?.focus();
  };
  const blur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    // Some browsers do not say where focus goes when a link is clicked.
    if (relatedTarget && !currentTarget.contains(relatedTarget)) close();
  };
  useEffect(() => {
    if (!open) return;
    const look = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target)) setOpen(false);
    };
    document.addEventListener('pointerdown', look);
    return () => document.removeEventListener('pointerdown', look);
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to what its button and links do
    <div ref={menu} className="po-menu" onKeyDown={leave} onBlur={blur}>
      <button
        ref={button}
        type="button"
        className="po-menu-button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {me.avatar === '' ? (
          <span className="po-avatar po-initial" aria-hidden="true">
            {(me.name || me.username).charAt(0).toLocaleUpperCase()}
          </span>
        ) : (
          <img className="po-avatar" src={me.avatar} alt="" />
        )}
        <span className="po-user-name">{me.username}</span>
        <AngleDownIcon />
      </button>
      <ul id={id} className="po-menu-list" hidden={!open} aria-label={settings.menu}>
        <li className="po-menu-who">
          <strong>{me.name || me.username}</strong>
          {me.email !== '' && <small>{me.email}</small>}
        </li>
        <li>
          <a href={PORTAL_HREF} onClick={close}>
            {portalTitle}
          </a>
        </li>
        <li>
          <a href={settingsHref('page-details')} onClick={close}>
            {settings.title}
          </a>
        </li>
        {me.mayAdminister && (
          <li>
            <a href="/if/admin/">{administration}</a>
          </li>
        )}
        <li>
          <a href={SIGN_OUT_ADDRESS}>{signOut}</a>
        </li>
      </ul>
    </div>
  );
}
