import { Link } from '@tanstack/react-router';
import { useMessages } from '../../messages/messages.ts';
import { useWords } from '../messages/admin.messages.ts';
import { AdminHeading } from './admin.heading.tsx';

/** For a place that the administration does not have. */
export function NotFoundView() {
  const { notFoundTitle, notFoundHint } = useMessages();
  const { overview } = useWords();
  return (
    <div className="po-admin-page">
      <AdminHeading title={notFoundTitle} lead={notFoundHint} />
      <p>
        <Link to="/administration/overview">{overview.title}</Link>
      </p>
    </div>
  );
}
