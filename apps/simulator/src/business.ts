import { type BinaryNode, bytes, child, children, node } from './wire/node.ts';

/** What a business tells about itself. */
export interface BusinessProfile {
  description?: string | undefined;
  address?: string | undefined;
  email?: string | undefined;
  website?: string | undefined;
  category?: string | undefined;
  timezone?: string | undefined;
  hours?: { day: string; mode: string; open?: string | undefined; close?: string | undefined }[] | undefined;
}

const texts = ['description', 'address', 'email', 'website'] as const;

/** The profile as clients read it. */
export function businessNode(jid: string, profile: BusinessProfile): BinaryNode {
  const { category, timezone, hours } = profile;
  const parts = texts.flatMap((tag) => {
    const text = profile[tag];
    return text === undefined ? [] : [node(tag, {}, text)];
  });
  if (category) parts.push(node('categories', {}, [node('category', { id: '1' }, category)]));
  if (hours) {
    const days = hours.map(({ day, mode, open, close }) =>
      node('business_hours_config', { day_of_week: day, mode, open_time: open, close_time: close }),
    );
    parts.push(node('business_hours', { timezone }, days));
  }
  return node('profile', { jid }, parts);
}

/** What a client changes in its own profile: only what it names. */
export function businessChange(change: BinaryNode): BusinessProfile {
  const changed: BusinessProfile = {};
  for (const tag of texts) {
    const text = child(change, tag);
    if (text) changed[tag] = bytes(text).toString();
  }
  const hours = child(change, 'business_hours');
  if (hours) {
    changed.timezone = hours.attrs.timezone;
    changed.hours = children(hours).map(({ attrs }) => ({
      day: attrs.day_of_week ?? '',
      mode: attrs.mode ?? '',
      open: attrs.open_time,
      close: attrs.close_time,
    }));
  }
  return changed;
}
