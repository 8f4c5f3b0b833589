import type { authenticators as english } from '../en/authenticators.ts';

export const authenticators: typeof english = {
  pickDevice: 'Wählen Sie, wie Sie bestätigen, dass Sie es sind.',
  pickStage: 'Ihr Konto braucht einen zweiten Faktor. Wählen Sie, welchen Sie einrichten.',
  otherDevice: 'Andere Methode verwenden',
  deviceClasses: {
    totp: {
      title: 'Authenticator-App',
      about: 'Ein Code aus einer App auf Ihrem Telefon',
      hint: 'Geben Sie den Code ein, den Ihre Authenticator-App anzeigt.',
    },
    webauthn: {
      title: 'Sicherheits\u00adschlüssel oder Passkey',
      about: 'Gesicht, Fingerabdruck oder eine Berührung',
      hint: 'Bestätigen Sie mit Sicherheitsschlüssel, Gesicht oder Fingerabdruck.',
    },
    sms: {
      title: 'SMS',
      about: 'Ein Code, den wir an Ihr Telefon senden',
      hint: 'Geben Sie den Code ein, den wir an Ihr Telefon gesendet haben.',
    },
    duo: { title: 'Duo', about: 'Eine Anfrage in der Duo-App', hint: 'Bestätigen Sie die Anfrage in der Duo-App.' },
    static: {
      title: 'Wiederherstellungs\u00adcode',
      about: 'Ein Code, den Sie sich notiert haben',
      hint: 'Geben Sie einen der Codes ein, die Sie sich notiert haben.',
    },
  },
  codeLabel: 'Code',
  sendAgain: 'Code erneut senden',

  totpScan: 'Scannen Sie dieses Bild mit einer Authenticator-App auf Ihrem Telefon.',
  totpQr: 'QR-Code für Ihre Authenticator-App',
  totpByHand: 'Oder geben Sie diesen Schlüssel in der App ein:',
  totpOpenApp: 'Hier in einer App öffnen',
  totpFirstCode: 'Code aus der App',
  copySecret: 'Schlüssel kopieren',

  codesLead:
    'Jeder dieser Codes meldet Sie einmal an, wenn Sie sonst nichts zur Hand haben. Sie werden nur jetzt angezeigt.',
  codesTitle: 'Ihre Wiederherstellungscodes',
  codesCopy: 'Kopieren',
  codesDownload: 'Herunterladen',
  codesSaved: 'Ich habe meine Codes gesichert',
  codesFile: 'wiederherstellungscodes.txt',
  codesFileTitle: (site, user) => `Wiederherstellungscodes von ${user} für ${site}`,

  smsLead: 'Bei jeder Anmeldung senden wir einen Code an Ihr Telefon.',
  smsSent: (number) =>
    number ? `Wir haben einen Code an ${number} gesendet.` : 'Wir haben einen Code an Ihr Telefon gesendet.',
  smsSend: 'Code senden',
  smsOtherNumber: 'Andere Nummer verwenden',
  phoneNumber: 'Telefonnummer',
  phoneNumberHelp: 'Mit Landesvorwahl, zum Beispiel +49.',

  duoScan: 'Scannen Sie dieses Bild mit der Duo-App auf Ihrem Telefon.',
  duoQr: 'QR-Code für die Duo-App',
  duoHere: 'Ist Duo auf diesem Gerät?',
  duoActivate: 'Hier aktivieren',
  duoWaiting: 'Warten auf die App …',
  duoDone: 'Duo ist eingerichtet.',
  duoInvalid: 'Dieser Code gilt nicht mehr. Beginnen Sie von vorn, um einen neuen zu erhalten.',
  duoAsked: 'Wir haben eine Anfrage an Ihr Telefon gesendet. Bestätigen Sie sie dort.',
  duoAskAgain: 'Neue Anfrage senden',

  keySetUp: 'Ein Sicherheitsschlüssel oder Passkey ersetzt Codes: Gesicht, Fingerabdruck oder eine Berührung genügt.',
  keyRegister: 'Schlüssel registrieren',
  keyUse: 'Schlüssel verwenden',
  keyHint: 'Ihr Browser zeigt Ihnen, was zu tun ist.',
  keyWaiting: 'Folgen Sie den Hinweisen Ihres Browsers …',
  keyTrouble: {
    unsupported: {
      title: 'Schlüssel lassen sich hier nicht verwenden',
      hint: 'Dieser Browser kennt keine Sicherheitsschlüssel, oder die Seite kam ohne HTTPS.',
    },
    cancelled: { title: 'Das wurde nicht bestätigt', hint: 'Es wurde abgebrochen oder hat zu lange gedauert.' },
    known: { title: 'Diesen Schlüssel haben Sie bereits registriert', hint: 'Verwenden Sie einen anderen.' },
    address: {
      title: 'Der Schlüssel passt nicht zu dieser Adresse',
      hint: 'Sagen Sie Ihrer Administration, welche Adresse Sie geöffnet haben.',
    },
    failed: { title: 'Der Schlüssel hat nicht funktioniert', hint: 'Versuchen Sie es erneut oder mit einem anderen.' },
    aborted: { title: 'Das wurde nicht bestätigt', hint: 'Es wurde abgebrochen oder hat zu lange gedauert.' },
  },
};
