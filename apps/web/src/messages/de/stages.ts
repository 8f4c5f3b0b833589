import type { stages as english } from '../en/stages.ts';

export const stages: typeof english = {
  username: 'Benutzername',
  email: 'E-Mail',
  upn: 'Anmeldename',
  usernameOrEmail: 'Benutzername oder E-Mail',
  accountName: 'Benutzername, E-Mail oder Anmeldename',
  password: 'Passwort',
  showPassword: 'Passwort anzeigen',
  hidePassword: 'Passwort verbergen',
  capsLock: 'Die Feststelltaste ist aktiv.',
  forgotPassword: 'Passwort vergessen?',
  needAccount: 'Neu hier?',
  signUp: 'Konto anlegen',
  passwordless: 'Sicherheitsschlüssel verwenden',
  orContinueWith: 'oder',
  continueWith: (source) => `Weiter mit ${source}`,
  continueTo: (application) => `Melden Sie sich an, um zu ${application} zu gelangen.`,

  consentAllows: 'Angefragt wird:',
  permissions: {
    openid: 'Wer Sie sind',
    profile: 'Ihr Name und Benutzername',
    email: 'Ihre E-Mail-Adresse',
    offline_access: 'Zugriff, während Sie nicht da sind',
  },
  consentNothing: 'Es wird keine weitere Berechtigung angefragt.',
  consentAlready: 'Das haben Sie bereits erlaubt:',
  consentNew: 'Neu angefragt wird:',
  consentHeader: 'Eine Anwendung möchte auf Ihr Konto zugreifen.',
  consentAccept: 'Erlauben und weiter',
  consentDecline: 'Ablehnen',

  staySignedIn: 'Angemeldet bleiben?',
  staySignedInHint: 'Wählen Sie Nein, wenn auch andere dieses Gerät nutzen.',
  yes: 'Ja, angemeldet bleiben',
  no: 'Nein',

  automatic: 'Automatisch',
  dummy: 'Hier gibt es nichts auszufüllen.',

  accessDenied: 'Zugriff verweigert',
  accessDeniedReason: 'Ihnen fehlt die Berechtigung, fortzufahren.',
  flowError: 'Etwas ist schiefgegangen',
  flowErrorHint:
    'Das liegt nicht an Ihnen. Versuchen Sie es erneut; bleibt es dabei, nennen Sie Ihrer Administration diese Anfragenummer:',
  errorDetails: 'Einzelheiten für die Administration',
  unknownStep: 'Dieser Schritt kann nicht angezeigt werden',
  unknownStepHint: 'Die Anmeldung verlangt einen Schritt, für den diese Seite kein Formular hat:',
  shellFrame: 'Nachricht des Servers',

  emailTitle: 'Sehen Sie in Ihr Postfach',
  emailLead: 'Wir haben Ihnen einen Link gesendet. Öffnen Sie ihn, um fortzufahren, gern auch auf einem anderen Gerät.',
  emailHint:
    'Nach einigen Minuten noch nichts da? Sehen Sie im Spam-Ordner nach oder lassen Sie den Link erneut senden.',
  emailAgain: 'Erneut senden',
  emailSent: 'Eine weitere E-Mail ist unterwegs.',

  captchaLead: 'Eine kurze Prüfung, dass Sie kein Programm sind.',
  captchaWaiting: 'Wird geprüft …',
  captchaAgain: 'Nichts zu sehen? Prüfung anzeigen',
  captchaRefused: 'Die Prüfung wurde nicht bestanden',
  captchaBroken: 'Die Prüfung wurde nicht geladen',
  captchaBrokenHint: 'Vielleicht hält ein Inhaltsblocker oder das Netzwerk sie fern.',

  deviceCode: 'Code',
  deviceCodeLead:
    'Geben Sie den Code ein, den Ihr Gerät anzeigt. Fahren Sie nur fort, wenn Sie dies selbst begonnen haben.',
  deviceCodeDone: 'Ihr Gerät ist angemeldet',
  deviceCodeDoneHint: 'Dort geht es von selbst weiter. Sie können diese Seite schließen.',

  plexLead: 'Plex öffnet sich in einem eigenen Fenster. Melden Sie sich dort an und kommen Sie dann zurück.',
  plexWaiting: 'Warten auf Plex …',
  plexTrouble: {
    blocked:
      'Der Browser hat das Fenster nicht geöffnet. Erlauben Sie Pop-ups für diese Seite und versuchen Sie es erneut.',
    denied: 'Mit diesem Plex-Konto können Sie sich hier nicht anmelden.',
    failed: 'Plex hat nicht wie erwartet geantwortet. Versuchen Sie es gleich noch einmal.',
  },
  appleLead: 'Apple fordert Sie zur Anmeldung auf und bringt Sie wieder hierher.',
};
