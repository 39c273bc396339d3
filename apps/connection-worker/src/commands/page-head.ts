/** What a web page says of itself for those who link to it. */
export interface PageHead {
  title?: string;
  description?: string;
  /** As the page writes it: may be relative. */
  image?: string;
}

/** Longest that is shown of a page's words. */
const mostTitle = 300;
const mostDescription = 600;
/** What is longer is no tag that anybody wrote (characters). */
const longestTag = 4_000;

/** Reads the head of a page, or of its beginning: Open Graph, else what HTML itself has. */
export function readPageHead(html: string): PageHead {
  const metas = new Map<string, string>();
  let ownTitle: string | undefined;
  let isTitle = false;
  // Cut at each `>` once, so that no page can make reading it take long.
  for (const piece of html.split('>')) {
    const start = piece.lastIndexOf('<');
    if (isTitle) ownTitle ??= piece.slice(0, start < 0 ? undefined : piece.indexOf('<'));
    const tag = start < 0 ? '' : piece.slice(start, start + longestTag);
    isTitle = /^<title(\s|$)/i.test(tag);
    if (!/^<meta\s/i.test(tag)) continue;
    const name = attribute(tag, 'property') ?? attribute(tag, 'name');
    const content = attribute(tag, 'content');
    if (name && content && !metas.has(name.toLowerCase())) metas.set(name.toLowerCase(), content);
  }
  const first = (...names: string[]) => names.map((name) => metas.get(name)).find(Boolean);
  return {
    title: tidy(first('og:title', 'twitter:title') ?? ownTitle, mostTitle),
    description: tidy(first('og:description', 'twitter:description', 'description'), mostDescription),
    image: tidy(first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image'), 4_096),
  };
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single, bare] =
    new RegExp(`[\\s"']${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag) ?? [];
  return double ?? single ?? bare;
}

const tidy = (text: string | undefined, most: number) =>
  (text && decodeEntities(text).replace(/\s+/g, ' ').trim().slice(0, most)) || undefined;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name = '') => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
