/** A folder, or one of its files, that cannot be imported. The message names the file, and holds nothing of its content. */
export class AuthFolderError extends Error {
  readonly code = 'AUTH_FOLDER_REFUSED';
  /** The file that is wrong or missing; undefined if it is the folder as a whole. */
  readonly file: string | undefined;

  constructor(file: string | undefined, reason: string) {
    super(file === undefined ? reason : `${shown(file)}: ${reason}`);
    this.name = 'AuthFolderError';
    this.file = file;
  }
}

/** A name that somebody else has chosen, fit for a line of text. */
function shown(name: string): string {
  const printable = name.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 120 ? `${printable.slice(0, 119)}…` : printable;
}
