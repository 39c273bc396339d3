import { MediaError } from '@flotilla/media';
import {
  AddressRefusedError,
  ConnectError,
  checkUrl,
  createAddressPolicy,
  createSafeAgent,
  FetchTimeoutError,
  safeFetch,
} from '@flotilla/safe-fetch';
import type { proto } from '@whiskeysockets/baileys';
import type { SendContext } from './handler.ts';
import { withFile } from './media-file.ts';
import { readPageHead } from './page-head.ts';

/** How long a page and its picture may take together: the message waits for them (ms). */
const previewMs = 5_000;
/** What is read of a page: its head is at the beginning (bytes). */
const mostPageBytes = 512 * 1_024;
const mostRedirects = 3;

/** The fields of a text that show what its link leads to. */
type LinkPreview = Pick<
  proto.Message.IExtendedTextMessage,
  'matchedText' | 'title' | 'description' | 'jpegThumbnail' | 'previewType'
>;

/** Shows what links lead to. */
export interface LinkPreviews {
  /** @returns undefined if the text has no link, or nothing usable came in time: then the text goes without */
  of(text: string, context: SendContext): Promise<LinkPreview | undefined>;
  close(): void;
}

/** The first link of a text, without the punctuation of the sentence around it. */
export const firstLink = (text: string) => /\bhttps?:\/\/[^\s<>"]+/i.exec(text)?.[0].replace(/[.,;:!?)\]}'»]+$/, '');

/**
 * Pages are fetched like any other URL that a tenant names: only from public addresses.
 * @param allowedCidrs internal networks that may be dialled all the same, comma separated
 */
export function createLinkPreviews(allowedCidrs: string): LinkPreviews {
  const cidrs = allowedCidrs.split(',').map((cidr) => cidr.trim());
  const addresses = createAddressPolicy(cidrs.filter(Boolean));
  const dispatcher = createSafeAgent({ policy: addresses });

  /** The beginning of a page, and where it was found after all redirects. */
  async function page(link: string, signal: AbortSignal): Promise<{ url: string; html: string } | undefined> {
    let url = link;
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      // Each step is checked by the text of its URL here, and by its address where it is dialled.
      if (checkUrl(url.replace(/#.*$/, ''), { addresses })) return undefined;
      const { status, headers, body } = await safeFetch(url, {
        dispatcher,
        signal,
        timeoutMs: previewMs,
        maxResponseBytes: mostPageBytes,
        headers: { accept: 'text/html', 'accept-encoding': 'identity', 'user-agent': 'WhatsApp/2 Flotilla' },
      });
      const { location, 'content-type': type } = headers;
      if (status >= 300 && status < 400 && typeof location === 'string' && URL.canParse(location, url)) {
        url = new URL(location, url).href;
      } else {
        const isPage = status === 200 && /^(text\/html|application\/xhtml\+xml)\b/i.test(String(type ?? ''));
        return isPage ? { url, html: body.toString('utf8') } : undefined;
      }
    }
    return undefined;
  }

  async function thumbnail(url: string, context: SendContext): Promise<Buffer | undefined> {
    try {
      return await withFile(context, { url }, async ({ path }) => {
        return (await context.converter.image(path, context.signal)).thumbnail;
      });
    } catch {
      return undefined; // a preview without a picture is one all the same
    }
  }

  return {
    async of(text, context) {
      const link = firstLink(text);
      if (!link) return undefined;
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(previewMs)]);
      try {
        const found = await page(link, signal);
        const head = found && readPageHead(found.html);
        if (!found || !head?.title) return undefined;
        const image =
          head.image && URL.canParse(head.image, found.url) ? new URL(head.image, found.url).href : undefined;
        return {
          matchedText: link,
          title: head.title,
          description: head.description,
          previewType: 0,
          jpegThumbnail: image ? await thumbnail(image, { ...context, signal }) : undefined,
        };
      } catch (error) {
        if (isFailureToFetch(error) || signal.aborted) return undefined;
        throw error;
      }
    },
    close: () => void dispatcher.destroy().catch(() => {}),
  };
}

const isFailureToFetch = (error: unknown) =>
  [AddressRefusedError, ConnectError, FetchTimeoutError, MediaError].some((kind) => error instanceof kind);
