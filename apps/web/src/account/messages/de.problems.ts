import type { problems as english } from './en.problems.ts';

const WRONG_PASSWORD = 'Name und Passwort gehören nicht zusammen.';

export const problems: typeof english = {
  account_inactive: 'Dieses Konto ist gesperrt.',
  add_email_blocked: 'Ihr Konto hat einen zweiten Faktor: Entfernen Sie ihn, bevor Sie eine Adresse hinzufügen.',
  cannot_generate_recovery_codes:
    'Wiederherstellungscodes gibt es zu einem anderen zweiten Faktor. Richten Sie zuerst einen ein.',
  cannot_remove_primary_email: 'Das ist Ihre Hauptadresse. Machen Sie zuerst eine andere dazu.',
  connected_other: 'Jemand anderes hier hat dieses Konto verbunden.',
  duplicate_email: 'Diese Adresse haben Sie schon.',
  email_password_mismatch: WRONG_PASSWORD,
  username_password_mismatch: WRONG_PASSWORD,
  phone_password_mismatch: WRONG_PASSWORD,
  email_taken: 'Diese Adresse ist schon vergeben.',
  enter_current_password: 'Das ist nicht Ihr jetziges Passwort.',
  incorrect_code: 'Dieser Code passt nicht oder gilt nicht mehr.',
  incorrect_password: 'Das ist nicht Ihr Passwort.',
  invalid_login: 'Bitte geben Sie nur einen Namen ein.',
  invalid_or_expired_key: 'Dieser Link ist zu alt oder wurde schon benutzt.',
  invalid_password_reset: 'Dieser Link ist zu alt oder wurde schon benutzt.',
  invalid_phone: 'Bitte geben Sie eine Nummer mit Landesvorwahl ein, zum Beispiel +49.',
  no_password: 'Legen Sie zuerst ein Passwort fest: Das ist Ihr einziger Weg hinein.',
  no_verified_email: 'Bestätigen Sie zuerst eine Adresse: Das ist Ihr einziger Weg hinein.',
  password_entirely_numeric: 'Bitte verwenden Sie nicht nur Ziffern.',
  password_too_common: 'Dieses Passwort verwenden zu viele.',
  phone_taken: 'Diese Nummer ist schon vergeben.',
  required: 'Bitte füllen Sie dieses Feld aus.',
  same_as_current: 'Bitte geben Sie etwas anderes ein als bisher.',
  too_many_login_attempts: 'Zu viele Versuche. Warten Sie ein paar Minuten und versuchen Sie es dann erneut.',
  unknown_email: 'Diese Adresse hat hier niemand.',
  unknown_phone: 'Diese Nummer hat hier niemand.',
  unverified_email: 'Bestätigen Sie Ihre Adresse, bevor Sie einen zweiten Faktor einrichten.',
  unverified_primary_email: 'Nur eine bestätigte Adresse kann Ihre Hauptadresse sein.',
  username_blacklisted: 'Bitte wählen Sie einen anderen Benutzernamen.',
  username_taken: 'Dieser Benutzername ist schon vergeben.',
};
