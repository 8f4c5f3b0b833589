import { useStage } from '../form/stage.context.ts';
import { useMessages } from '../messages/messages.ts';
import { Person } from '../page/person.tsx';

type UserLineProps = { readonly user: string; readonly avatar: string; readonly hideCancel?: boolean };

/** Who is signing in, with the way out for everyone else. Also what password managers take the username from. */
export function UserLine({ user, avatar, hideCancel = false }: UserLineProps) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  if (user === '') return null;
  return (
    <Person user={user} avatar={avatar}>
      {!hideCancel && <a href={flowInfo.cancel_url}>{messages.notYou}</a>}
    </Person>
  );
}

/** Out of sight and out of the tab order, but there: a password manager needs to know whose password it is. */
export function HiddenUsername({ user }: { readonly user: string }) {
  return (
    <input
      className="po-visually-hidden"
      type="text"
      name="username"
      autoComplete="username"
      value={user}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
