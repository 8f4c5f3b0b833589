/**
 * Where blueprints come from, and what they may read: the folder of the installation, registries, files for `!File`, and the variables that operators mean
 * for them. Nothing here leaves its folder, reaches an internal network that nobody allowed, or reads more than it was told to.
 */

export { type Catalog, type CatalogFile, createCatalog, hashOf } from './catalog.ts';
export { createFolder, type FileText, type Folder, type FolderOptions } from './folder.ts';
export { createOciClient, type OciClient } from './oci.client.ts';
export { isOciPath, joinCredentials, type OciPath, parseOciPath, splitCredentials } from './oci.reference.ts';
export { BLUEPRINT_SETTINGS, INSTALLED_BLUEPRINTS } from './settings.ts';
export { createSources, type SourceOf, type Sources } from './sources.ts';
export { createSurroundings, type Surroundings } from './surroundings.ts';
