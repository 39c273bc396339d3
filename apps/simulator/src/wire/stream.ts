import type { WebSocket } from 'ws';
import type { Device } from '../device.ts';
import type { Network } from '../network.ts';
import { FrameReader, frame } from './frames.ts';
import { type BinaryNode, decode, encode, node } from './node.ts';
import { type Handshake, NoiseHandshake, type Transport } from './noise.ts';

/** How long a replaced connection is still listened to, in milliseconds, to see whether it goes on sending. */
const replacedGraceMs = 10_000;
/** How long a client may take for the handshake, in milliseconds. */
const handshakeGraceMs = 30_000;

/**
 * Where a connection stands:
 * - `handshake`: Noise messages, no identity yet
 * - `registering`: an unlinked client that shows QR codes or waits for a pairing code
 * - `passive`: logged in, not yet ready for messages
 * - `live`: logged in, gets messages as they come
 * - `ignored`: its login gets no answer, whatever it says
 * - `replaced`: another connection of the device logged in; it was told, and is only counted
 * - `ending`: was told why it ends; what it still sends is of no interest
 * - `closed`: over
 */
export type StreamState =
  | { name: 'handshake'; noise: NoiseHandshake; greeted: boolean }
  | { name: 'registering' }
  | { name: 'passive'; device: Device }
  | { name: 'live'; device: Device }
  | { name: 'ignored' }
  | { name: 'replaced'; device: Device; by: ClientStream; frames: number; overlapped: boolean }
  | { name: 'ending' }
  | { name: 'closed' };

/** What the service does with a client. */
export interface StreamHandler {
  /** The handshake is over: log in, register, or refuse. */
  introduced(stream: ClientStream, handshake: Handshake): void;
  stanza(stream: ClientStream, stanza: BinaryNode): void;
  closed(stream: ClientStream): void;
}

/** One client's connection: frames, cipher, state, and the faults that concern it alone. */
export class ClientStream {
  readonly host: string;
  readonly #socket: WebSocket;
  readonly #network: Network;
  readonly #handler: StreamHandler;
  readonly #reader = new FrameReader();
  readonly #openedAt = performance.now();
  #transport: Transport | undefined;
  #state: StreamState;
  #replacedAt = 0;
  #predecessor: ClientStream | undefined;
  #framesSinceLogin = 0;
  #held: Buffer[] | undefined;
  #delayMs = 0;
  /** What waits for its time, in order: nothing overtakes on a line, also when the delay has changed. */
  readonly #delayed: { due: number; action: () => void }[] = [];
  #lastId = 0;

  /** `host` and port by which the client reached the server. */
  constructor(socket: WebSocket, network: Network, handler: StreamHandler, host: string) {
    this.host = host;
    this.#socket = socket;
    this.#network = network;
    this.#handler = handler;
    this.#state = { name: 'handshake', noise: new NoiseHandshake(network.noise), greeted: false };
    network.streams.add(this);
    socket.on('message', (data) => this.#receive(data as Buffer));
    socket.on('close', () => this.#closed());
    socket.on('error', (error) => network.log.debug({ err: error }, 'socket.failed'));
  }

  get state(): StreamState['name'] {
    return this.#state.name;
  }

  /** The device that is logged in here; not of a replaced connection. */
  get device(): Device | undefined {
    return this.#state.name === 'passive' || this.#state.name === 'live' ? this.#state.device : undefined;
  }

  /** Whether messages may be sent as they come. */
  get live(): boolean {
    return this.#state.name === 'live';
  }

  /** A stanza id that is unique on this connection. */
  nextId(): string {
    this.#lastId += 1;
    return `S${this.#lastId.toString(36).toUpperCase()}`;
  }

  send(stanza: BinaryNode): void {
    if (this.#state.name === 'closed' || !this.#transport) return;
    this.#write(frame(this.#transport.encrypt(encode(stanza))));
  }

  register(): void {
    this.#state = { name: 'registering' };
  }

  /** Fault: neither takes nor refuses the login, and answers nothing. */
  ignore(): void {
    this.#state = { name: 'ignored' };
  }

  /** The login is accepted. An older connection of the device is told that it was replaced. */
  login(device: Device): void {
    const older = device.stream;
    device.stream = this;
    device.available = false;
    this.#delayMs = this.#network.faults.delayOf(device.account.phone);
    this.#state = { name: 'passive', device };
    if (!older) return;
    this.#predecessor = older;
    older.#replaceBy(this, device);
  }

  /** From now on messages are sent as they come. */
  goLive(): void {
    if (this.#state.name === 'passive') this.#state = { name: 'live', device: this.#state.device };
  }

  /** Sends a stream error with a `code` (515, 503, 401, …) or a `conflict` of that type, or both, and closes. */
  endWith(code: string | undefined, conflict?: string): void {
    this.#network.counters.addTo('streamErrorsSent', conflict ?? code ?? 'unknown');
    this.send(node('stream:error', { code }, conflict ? [node('conflict', { type: conflict })] : undefined));
    this.#leaveDevice();
    this.#state = { name: 'ending' };
    this.close();
  }

  /** Closes after what was sent has left. */
  close(): void {
    if (this.#held) this.cut();
    else this.#after(() => this.#socket.close(1000));
  }

  /** Cuts the TCP connection without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Fault: neither reads nor sends for `ms`, the TCP connection stays. */
  freeze(ms: number): void {
    this.#held ??= [];
    this.#socket.pause();
    setTimeout(() => this.thaw(), ms).unref();
  }

  /** Ends the freeze: reads and sends what has piled up. */
  thaw(): void {
    const held = this.#held;
    if (!held || this.#state.name === 'closed') return;
    this.#held = undefined;
    for (const bytes of held) this.#write(bytes);
    this.#socket.resume();
  }

  /** Fault: everything that is sent leaves `ms` later; 0 ends it. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Ends connections that have had their time. Called every second or so for all: no timer for each. */
  sweep(now: number): void {
    if (this.#state.name === 'handshake' && now - this.#openedAt > handshakeGraceMs) this.cut();
    if (this.#state.name === 'replaced' && now - this.#replacedAt > replacedGraceMs) this.cut();
  }

  #replaceBy(by: ClientStream, device: Device): void {
    this.#network.counters.add('conflicts');
    this.#network.counters.addTo('streamErrorsSent', 'replaced');
    this.send(node('stream:error', {}, [node('conflict', { type: 'replaced' })]));
    this.#replacedAt = performance.now();
    this.#state = { name: 'replaced', device, by, frames: 0, overlapped: false };
    // What still lies unread on a frozen line was sent long before.
    if (this.#held) this.cut();
  }

  #write(bytes: Buffer): void {
    if (this.#held) {
      this.#held.push(bytes);
    } else {
      this.#after(() => this.#socket.send(bytes));
    }
  }

  /** Runs at once, or later, and always behind everything that is delayed. */
  #after(action: () => void): void {
    if (this.#delayMs === 0 && this.#delayed.length === 0) {
      action();
      return;
    }
    this.#delayed.push({ due: performance.now() + this.#delayMs, action });
    if (this.#delayed.length === 1) this.#release();
  }

  #release(): void {
    for (;;) {
      const [next] = this.#delayed;
      if (!next) return;
      const ms = next.due - performance.now();
      if (ms > 0) {
        setTimeout(() => this.#release(), ms).unref();
        return;
      }
      this.#delayed.shift();
      next.action();
    }
  }

  #receive(data: Buffer): void {
    try {
      for (const payload of this.#reader.push(data)) this.#frame(payload);
    } catch (error) {
      this.#network.counters.add('malformedFrames');
      this.#network.log.warn({ err: error, state: this.#state.name }, 'frame.malformed');
      this.cut();
    }
  }

  #frame(payload: Buffer): void {
    const state = this.#state;
    if (state.name === 'closed') return;
    if (state.name === 'handshake') {
      this.#handshake(state, payload);
      return;
    }
    if (!this.#transport) throw new Error('frame before the handshake');
    const stanza = decode(this.#transport.decrypt(payload));
    if (state.name === 'replaced') {
      this.#sentAfterReplacement(state, stanza);
      return;
    }
    if (state.name === 'ending' || state.name === 'ignored') return;
    this.#framesSinceLogin += 1;
    if (this.#framesSinceLogin === 1 && this.#predecessor) this.#predecessor.#judgeOverlap();
    this.#handler.stanza(this, stanza);
  }

  #handshake(state: Extract<StreamState, { name: 'handshake' }>, payload: Buffer): void {
    if (!state.greeted) {
      state.greeted = true;
      this.#write(frame(state.noise.hello(payload)));
      return;
    }
    const handshake = state.noise.finish(payload);
    this.#transport = handshake.transport;
    this.#handler.introduced(this, handshake);
  }

  /** The witness of split brain: a connection goes on sending although its successor is logged in and sends, too. */
  #sentAfterReplacement(state: Extract<StreamState, { name: 'replaced' }>, stanza: BinaryNode): void {
    if (stanza.tag === 'xmlstreamend') return;
    state.frames += 1;
    this.#network.counters.add('overlapFrames');
    this.#network.log.warn(
      { device: state.device.name, tag: stanza.tag, frames: state.frames },
      'connection.overlapped',
    );
    this.#judgeOverlap();
  }

  /** Counts the pair once, as soon as both have sent something since the second login. */
  #judgeOverlap(): void {
    const state = this.#state;
    if (state.name !== 'replaced' || state.overlapped || state.frames === 0 || state.by.#framesSinceLogin === 0) return;
    state.overlapped = true;
    this.#network.counters.add('overlaps');
  }

  #closed(): void {
    if (this.#state.name === 'closed') return;
    this.#handler.closed(this);
    this.#leaveDevice();
    this.#state = { name: 'closed' };
    this.#held = undefined;
    this.#network.streams.delete(this);
  }

  /** The device is free for the next login: a client that was sent away comes back before its old socket has closed. */
  #leaveDevice(): void {
    const { device } = this;
    if (device?.stream !== this) return;
    device.stream = undefined;
    device.available = false;
  }
}
