/** Sentences of the landing page, and of the page after an application. */
export const portal = {
  portalTitle: 'My applications',
  portalSignedInAs: (name: string) => `You are signed in as ${name}`,
  signOut: 'Sign out',
  noApplications: 'No applications yet',
  noApplicationsHint: 'Applications that you may use appear here.',
  searchApplications: 'Search applications',
  applicationsFound: (count: number) => (count === 1 ? '1 application' : `${count} applications`),
  noApplicationFound: 'Nothing found',
  noApplicationFoundHint: 'No application of yours has these words.',
  administration: 'Administration',
  otherApplications: 'More applications',
  opensInNewTab: 'opens in a new tab',

  leftApplication: (name?: string) => (name ? `You have left ${name}` : 'You have left the application'),
  stillSignedIn: (here: string) => `You are still signed in to ${here}, and perhaps to other applications.`,
  signOutOf: (here: string) => `Sign out of ${here}`,
  backToApplication: 'Back to the application',
  signedOut: 'You are signed out',
  signedOutHint: 'On a device that others use too, close the browser now.',
  signInAgain: 'Sign in again',
};
