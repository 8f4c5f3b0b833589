/**
 * What administrators read about the installation: how their request arrived and what answered it, which version of the API is served,
 * and the names of its apps and models. Nothing here is stored but the latest version that was heard of, where anybody is asked for it.
 * Whoever is deleted is forgotten here, too, where the tenant's settings ask for it.
 */

export { ADMINISTRATION_SETTINGS } from './administration.settings.ts';
export { type AdministrationDeps, createAdministration } from './administration.ts';
export { VERSION_MIGRATIONS } from './latest-version.repository.ts';
