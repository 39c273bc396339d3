/** The code with which WhatsApp refused a query: Baileys puts it into the error. Undefined of any other error. */
export function answeredCode(error: unknown): number | undefined {
  const data: unknown = error instanceof Error && 'data' in error ? error.data : undefined;
  return typeof data === 'number' && Number.isFinite(data) ? data : undefined;
}
