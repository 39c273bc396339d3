/** What may be logged of an error that nobody foresaw: its message may hold what a tenant has written, its stack does not. */
export function originOf(error: unknown): { error: string; at: string | undefined } {
  if (!(error instanceof Error)) return { error: typeof error, at: undefined };
  const at = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return { error: error.name, at: at?.trim() };
}
