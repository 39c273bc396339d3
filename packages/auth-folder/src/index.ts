export { type AuthFolder, readAuthFolder } from './auth-folder.ts';
export { folderBounds } from './bounds.ts';
export { AuthFolderError } from './errors.ts';
