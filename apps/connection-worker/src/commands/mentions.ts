import { jidDecode } from '@whiskeysockets/baileys';

/**
 * A text with its mentions as WhatsApp wants them: phones show a name only for `@` and bare digits, so other writings
 * of a mentioned number (`@+1 415 555-0123`) are replaced.
 * @param mentions JIDs
 */
export function withMentions(text: string, mentions: readonly string[] = []): string {
  return mentions.reduce((current, jid) => {
    const digits = jidDecode(jid)?.user ?? '';
    if (!/^\d{5,}$/.test(digits)) return current;
    const anyWriting = new RegExp(`@(?:\\+|00)?\\(?${digits.split('').join('[\\s()./-]{0,2}')}(?!\\d)`, 'g');
    return current.replace(anyWriting, `@${digits}`);
  }, text);
}
