import { lazy } from 'react';
import { useUserRoute } from './user.route.ts';

const PortalPage = lazy(async () => ({ default: (await import('./portal.page.tsx')).PortalPage }));
const SettingsPage = lazy(async () => ({ default: (await import('../settings/settings.page.tsx')).SettingsPage }));

/** `/if/user/`: the applications, or the person's own settings, as the part of the address after `#` says. */
export function UserArea() {
  const route = useUserRoute();
  return route.page === 'settings' ? <SettingsPage section={route.section} /> : <PortalPage />;
}
