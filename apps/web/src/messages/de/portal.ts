import type { portal as english } from '../en/portal.ts';

export const portal: typeof english = {
  portalTitle: 'Meine Anwendungen',
  portalSignedInAs: (name) => `Sie sind angemeldet als ${name}`,
  signOut: 'Abmelden',
  noApplications: 'Noch keine Anwendungen',
  noApplicationsHint: 'Anwendungen, die Sie nutzen dürfen, erscheinen hier.',
  searchApplications: 'Anwendungen durchsuchen',
  applicationsFound: (count) => (count === 1 ? '1 Anwendung' : `${count} Anwendungen`),
  noApplicationFound: 'Nichts gefunden',
  noApplicationFoundHint: 'Keine Ihrer Anwendungen enthält diese Wörter.',
  administration: 'Verwaltung',
  otherApplications: 'Weitere Anwendungen',
  opensInNewTab: 'öffnet sich in einem neuen Tab',

  leftApplication: (name) => (name ? `Sie haben ${name} verlassen` : 'Sie haben die Anwendung verlassen'),
  stillSignedIn: (here) => `Bei ${here} sind Sie weiterhin angemeldet, vielleicht auch bei anderen Anwendungen.`,
  signOutOf: (here) => `Bei ${here} abmelden`,
  backToApplication: 'Zurück zur Anwendung',
  signedOut: 'Sie sind abgemeldet',
  signedOutHint: 'Nutzen auch andere dieses Gerät, schließen Sie jetzt den Browser.',
  signInAgain: 'Wieder anmelden',
};
