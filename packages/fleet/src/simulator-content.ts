/** A file to send: these bytes, or so many random ones (1000 if nothing is said). */
interface FileContent {
  /** Base64. */
  bytes?: string;
  size?: number;
  mimetype?: string;
  /** JPEG, base64. */
  thumbnail?: string;
}

interface PictureSize {
  width?: number;
  height?: number;
}

type ImageContent = { kind: 'image'; caption?: string; album?: string } & FileContent & PictureSize;
type VideoContent = {
  kind: 'video';
  caption?: string;
  album?: string;
  seconds?: number;
  gif?: boolean;
  /** A round video note. */
  note?: boolean;
} & FileContent &
  PictureSize;

interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

/** By which JIDs author and voter enter the key of a vote or a response; as the message is addressed if not given. */
interface Named {
  named?: 'pn' | 'lid';
}

/** What a simulated phone can send. Other messages of the chat are named by their ids. */
export type SimulatedContent =
  | {
      kind: 'text';
      text: string;
      preview?: { url: string; title?: string; description?: string; thumbnail?: string };
      /** ARGB and font of a status. */
      background?: number;
      font?: number;
    }
  | ImageContent
  | VideoContent
  | ({ kind: 'audio'; seconds?: number; voice?: boolean; waveform?: number[] } & FileContent)
  | ({ kind: 'document'; fileName?: string; caption?: string } & FileContent)
  | ({ kind: 'sticker'; animated?: boolean } & FileContent & PictureSize)
  | ({ kind: 'location'; url?: string } & Place)
  | {
      kind: 'live-location';
      latitude: number;
      longitude: number;
      caption?: string;
      accuracy?: number;
      speed?: number;
      sequence?: number;
    }
  | { kind: 'contacts'; name?: string; contacts: { name: string; phone?: string; vcard?: string }[] }
  | { kind: 'poll'; name: string; options: string[]; selectable?: number }
  | ({ kind: 'vote'; poll: string; options: string[] } & Named)
  | { kind: 'reaction'; message: string; emoji: string }
  | { kind: 'edit'; message: string; text: string }
  | { kind: 'delete'; message: string }
  /** 0 seconds unpin. */
  | { kind: 'pin'; message: string; seconds?: number }
  | { kind: 'keep'; message: string; keep: boolean }
  | {
      kind: 'event';
      name: string;
      description?: string;
      /** Unix seconds. */
      startsAt: number;
      endsAt?: number;
      place?: Place;
      joinLink?: string;
      canceled?: boolean;
      extraGuests?: boolean;
    }
  | ({ kind: 'response'; event: string; response: 'going' | 'not-going' | 'maybe'; extraGuests?: number } & Named)
  | { kind: 'album'; parts: (ImageContent | VideoContent)[] }
  | {
      kind: 'group-invite';
      group: string;
      code: string;
      groupName?: string;
      caption?: string;
      /** Unix seconds. */
      expiresAt?: number;
    }
  | ({
      kind: 'product';
      id: string;
      title: string;
      description?: string;
      currency?: string;
      price?: number;
      url?: string;
      body?: string;
      footer?: string;
    } & FileContent)
  | {
      kind: 'order';
      id: string;
      title?: string;
      text?: string;
      items?: number;
      total?: number;
      currency?: string;
      token?: string;
    }
  | {
      kind: 'list';
      title?: string;
      text: string;
      footer?: string;
      button: string;
      sections: { title: string; rows: { id: string; title: string; description?: string }[] }[];
    }
  | { kind: 'buttons'; text: string; footer?: string; buttons: { id: string; text: string }[] }
  | {
      kind: 'template';
      title?: string;
      text: string;
      footer?: string;
      buttons: { text: string; id?: string; url?: string; phone?: string }[];
    }
  | {
      kind: 'interactive';
      title?: string;
      text: string;
      footer?: string;
      buttons: { name: string; parameters: Record<string, unknown> }[];
    }
  | { kind: 'list-reply'; id: string; title: string; description?: string }
  | { kind: 'button-reply'; id: string; text: string; of: 'buttons' | 'template' }
  | { kind: 'interactive-reply'; name: string; text: string; parameters: Record<string, unknown> }
  | { kind: 'disappearing'; seconds: number }
  | { kind: 'request-phone-number' }
  | { kind: 'share-phone-number' }
  /** Any message as JSON, bytes in base64. */
  | { kind: 'raw'; message: Record<string, unknown> };

/** What may surround any content. */
export interface SimulatedContext {
  id?: string;
  addressing?: 'pn' | 'lid';
  /** Id of the message that it answers. */
  quoted?: string;
  /** JIDs or phone numbers. */
  mentions?: string[];
  mentionsAll?: boolean;
  /** Seconds until it disappears. */
  ephemeral?: number;
  /** How often it was forwarded. */
  forwarded?: number;
  /** With `phone-only`, linked devices are told of it and do not get it. */
  viewOnce?: boolean | 'phone-only';
}
