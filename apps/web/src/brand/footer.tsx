import { useEffect, useState } from 'react';
import { browserApi } from '../api/api.client.ts';
import { useMessages } from '../messages/messages.ts';
import { type FooterLink, loadFooterLinks } from './footer.client.ts';

/** Imprint, privacy, help: what the administrator put below every page. Comes after the page itself. */
export function Footer() {
  const { footerLinks } = useMessages();
  const [links, setLinks] = useState<readonly FooterLink[]>([]);
  useEffect(() => {
    let left = false;
    void loadFooterLinks(browserApi(), document.baseURI).then((found) => left || setLinks(found));
    return () => {
      left = true;
    };
  }, []);
  if (links.length === 0) return null;
  return (
    <footer className="po-footer">
      <ul aria-label={footerLinks}>
        {links.map(({ name, href }) => (
          <li key={`${name} ${href}`}>{href ? <a href={href}>{name}</a> : name}</li>
        ))}
      </ul>
    </footer>
  );
}
