import { useMessages } from '../../messages/messages.ts';
import { Nothing } from '../../page/nothing.tsx';
import { AdminHeading } from './admin.heading.tsx';

/** For a place that the administration does not have. */
export function NotFoundView() {
  const { notFoundTitle, notFoundHint } = useMessages();
  return (
    <div className="po-admin-page">
      <AdminHeading title={notFoundTitle} />
      <Nothing title={notFoundTitle} hint={notFoundHint} />
    </div>
  );
}
