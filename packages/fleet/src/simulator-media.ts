import type { SimulatorClient } from './simulator-client.ts';

/** What the simulated media servers keep of one file. */
export interface StoredMedia {
  directPath: string;
  url: string;
  /** `image`, `video`, `audio`, `document`, …; `picture` for profile pictures. */
  kind: string;
  /** SHA-256 of the stored, encrypted bytes, base64url. */
  hash: string;
  size: number;
  /** Unix ms. */
  at: number;
  /** `phone:device` */
  uploadedBy?: string;
  /** How often clients uploaded exactly these bytes. */
  uploads: number;
  downloads: number;
  expired: boolean;
}

export interface MediaStatistics {
  blobs: number;
  bytes: number;
  /** The others are in temporary files. */
  bytesInMemory: number;
  uploads: number;
  downloads: number;
  uploadsByHash: Record<string, number>;
}

/** What goes wrong with the next transfers. */
export interface MediaFault {
  mode: 'status' | 'slow' | 'stall' | 'endless' | 'truncated' | 'short' | 'corrupt';
  /** Default `download`. */
  on?: 'download' | 'upload';
  /** Direct path or URL; any if there is none. */
  path?: string;
  /** Default 1. */
  count?: number;
  /** HTTP status, for `status`. Default 500. */
  status?: number;
  bytesPerSecond?: number;
}

/** A client's request that its phone upload a message's media again. */
export interface MediaRetry {
  /** Id of the message. */
  id: string;
  /** `phone:device` */
  device: string;
  chat: string;
  at: number;
  result: MediaRetryAnswer;
}

export type MediaRetryAnswer = 'success' | 'not-found' | 'decryption-error' | 'general-error' | 'silent';

/** The simulated media servers, and phones that are asked for what has expired there. */
export class SimulatorMedia {
  readonly #client: SimulatorClient;

  constructor(client: SimulatorClient) {
    this.#client = client;
  }

  /** All files, or those that an account or one of its devices uploaded; oldest first. */
  list(uploadedBy?: string): Promise<StoredMedia[]> {
    return this.#client.call('GET', `/media${uploadedBy ? `?uploadedBy=${uploadedBy}` : ''}`);
  }

  statistics(): Promise<MediaStatistics> {
    return this.#client.call('GET', '/media/statistics');
  }

  /** The stored bytes, encrypted as they are. */
  async bytes(path: string): Promise<Buffer> {
    const answer = await fetch(`${this.#client.url}/admin/media/blob?path=${encodeURIComponent(path)}`);
    if (!answer.ok) throw new Error(`The simulator answered ${answer.status} for ${path}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Lets one file expire, or all: downloads are answered with 410. Gives how many. */
  async expire(path?: string): Promise<number> {
    return (await this.#client.call<{ expired: number }>('POST', '/media/expire', { path })).expired;
  }

  /** Lets the next transfers go wrong. */
  async fault(fault: MediaFault): Promise<void> {
    await this.#client.call('POST', '/faults/media', fault);
  }

  /** Requests for media that had expired. */
  retries(): Promise<MediaRetry[]> {
    return this.#client.call('GET', '/media/retries');
  }

  /** How an account's phone answers such requests from now on. */
  async answerRetries(phone: string, answer: MediaRetryAnswer): Promise<void> {
    await this.#client.call('POST', '/media/retries', { phone, answer });
  }
}
