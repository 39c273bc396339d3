import type { ServerResponse } from 'node:http';

/**
 * Cuts a client off that has taken nothing of its answer for so long: whoever stops reading would otherwise keep a file
 * open for ever.
 */
export function cutOffWhenStalled(response: ServerResponse, stallMs = 60_000): void {
  response.setTimeout(stallMs, () => response.destroy());
}
