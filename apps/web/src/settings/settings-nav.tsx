import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import DesktopIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import LinkIcon from '@patternfly/react-icons/dist/esm/icons/link-icon';
import ShieldAltIcon from '@patternfly/react-icons/dist/esm/icons/shield-alt-icon';
import UserIcon from '@patternfly/react-icons/dist/esm/icons/user-icon';
import { type ComponentType, useEffect, useRef } from 'react';
import { useMessages } from '../messages/messages.ts';
import { SECTIONS, type Section, settingsHref } from '../portal/user.route.ts';

const ICONS: Readonly<Record<Section, ComponentType>> = {
  'page-details': UserIcon,
  'page-mfa': ShieldAltIcon,
  'page-sessions': DesktopIcon,
  'page-consents': CheckCircleIcon,
  'page-tokens': KeyIcon,
  'page-sources': LinkIcon,
};

/** The parts of the settings: a list beside them, and on a phone a strip above that is swiped. */
export function SettingsNav({ section }: { readonly section: Section }) {
  const { settings } = useMessages();
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part is the occasion, not an input
  useEffect(() => {
    const strip = list.current;
    const current = strip?.querySelector<HTMLElement>('[aria-current]');
    // In the middle of the strip, so that there is something to see on both sides.
    if (strip && current)
      strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.clientWidth) / 2;
  }, [section]);
  return (
    <nav className="po-settings-nav" aria-label={settings.title}>
      <ul ref={list}>
        {SECTIONS.map((name) => {
          const Icon = ICONS[name];
          return (
            <li key={name}>
              <a href={settingsHref(name)} {...(name === section && { 'aria-current': 'page' as const })}>
                <Icon />
                {settings.sections[name].title}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
