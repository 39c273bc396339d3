import { clientHeader } from './noise.ts';

const noBytes = Buffer.alloc(0);
/** A frame's length has 24 bits. */
const maxFrame = 0xff_ff_ff;

/**
 * Cuts the client's bytes into frames (3-byte length, payload). One WebSocket message may hold several frames or a part
 * of one. Before the first frame comes the client header, and before that, optionally, `ED 00 01`, a 24-bit length and
 * the routing hint of an earlier connection, which a single server has no use for.
 */
export class FrameReader {
  #pending: Buffer = noBytes;
  #introduced = false;

  /** The frames completed by `chunk`. Throws if the client is not one of ours. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#pending = this.#pending.length ? Buffer.concat([this.#pending, chunk]) : chunk;
    if (!this.#introduced && !this.#skipIntroduction()) return;
    while (this.#pending.length >= 3) {
      const end = 3 + this.#pending.readUIntBE(0, 3);
      if (this.#pending.length < end) break;
      const frame = this.#pending.subarray(3, end);
      // Nothing left: let go of the memory, idle connections outnumber busy ones.
      this.#pending = this.#pending.length === end ? noBytes : this.#pending.subarray(end);
      yield frame;
    }
  }

  #skipIntroduction(): boolean {
    let start = 0;
    if (this.#pending.length < 4) return false;
    if (this.#pending.toString('latin1', 0, 2) === 'ED') {
      if (this.#pending.length < 7) return false;
      start = 7 + this.#pending.readUIntBE(4, 3);
    }
    const end = start + clientHeader.length;
    if (this.#pending.length < end) return false;
    if (!this.#pending.subarray(start, end).equals(clientHeader)) throw new Error('not a WhatsApp Web client');
    this.#pending = this.#pending.subarray(end);
    this.#introduced = true;
    return true;
  }
}

/** `payload` with its length in front. */
export function frame(payload: Uint8Array): Buffer {
  if (payload.length > maxFrame) throw new Error('frame too long');
  const bytes = Buffer.allocUnsafe(3 + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.set(payload, 3);
  return bytes;
}
