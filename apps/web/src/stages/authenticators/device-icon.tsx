import CommentDotsIcon from '@patternfly/react-icons/dist/esm/icons/comment-dots-icon';
import KeyIcon from '@patternfly/react-icons/dist/esm/icons/key-icon';
import ListOlIcon from '@patternfly/react-icons/dist/esm/icons/list-ol-icon';
import MobileAltIcon from '@patternfly/react-icons/dist/esm/icons/mobile-alt-icon';
import ShieldAltIcon from '@patternfly/react-icons/dist/esm/icons/shield-alt-icon';
import type { ReactNode } from 'react';

/** A picture for a class of device. */
export function DeviceIcon({ deviceClass }: { readonly deviceClass: string }): ReactNode {
  switch (deviceClass) {
    case 'webauthn':
      return <KeyIcon />;
    case 'totp':
      return <MobileAltIcon />;
    case 'sms':
      return <CommentDotsIcon />;
    case 'static':
      return <ListOlIcon />;
    default:
      return <ShieldAltIcon />;
  }
}
