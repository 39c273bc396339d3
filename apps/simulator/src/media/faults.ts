/**
 * What may go wrong with a transfer:
 * - `status`: answered with an HTTP status of your choice
 * - `slow`: no more than `bytesPerSecond`
 * - `stall`: the head of the answer and the first bytes, then nothing
 * - `endless`: bytes without end and without length (downloads)
 * - `truncated`: half of what was announced, then the connection is cut (downloads)
 * - `short`: half of it, announced as if it were all (downloads)
 * - `corrupt`: the right length, one byte is wrong (downloads)
 */
export const mediaFaultModes = ['status', 'slow', 'stall', 'endless', 'truncated', 'short', 'corrupt'] as const;

type MediaFaultMode = (typeof mediaFaultModes)[number];

export interface MediaFault {
  mode: MediaFaultMode;
  on: 'download' | 'upload';
  /** HTTP status, for `status`. */
  status: number;
  bytesPerSecond: number;
  /** Only this path; all if there is none. */
  directPath: string | undefined;
  left: number;
}

/** Faults of the media servers, taken one for each transfer, oldest first. */
export class MediaFaults {
  #faults: MediaFault[] = [];

  add(fault: MediaFault): void {
    this.#faults.push(fault);
  }

  /** The fault of this transfer, if there is one. Counts it. */
  take(on: MediaFault['on'], directPath: string | undefined): MediaFault | undefined {
    const fault = this.#faults.find(
      (each) => each.on === on && (!each.directPath || each.directPath === directPath) && each.left > 0,
    );
    if (fault) fault.left -= 1;
    return fault;
  }

  clear(): void {
    this.#faults = [];
  }
}
