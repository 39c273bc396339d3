/** What an auth folder may measure. An account with thousands of contacts takes some ten megabytes. */
export const folderBounds = {
  files: 20_000,
  /** Bytes of all files together. */
  bytes: 48 * 1_048_576,
} as const;
