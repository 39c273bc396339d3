import { apiError } from './errors.ts';

/** A place in a list that is sorted by score, then member: stays valid while entries come and go. */
export interface Place {
  score: number;
  member: string;
}

/** How many entries a page has unless the client asks for another number. */
export const defaultLimit = 50;

/** A place as the client keeps it: opaque. */
export const encodeCursor = ({ score, member }: Place) =>
  Buffer.from(JSON.stringify([score, member])).toString('base64url');

/**
 * The place that a cursor stands for; undefined without a cursor.
 * @throws BAD_CURSOR for everything that `encodeCursor` cannot have made
 */
export function decodeCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [score, member]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof score === 'number' && Number.isFinite(score) && typeof member === 'string') return { score, member };
  } catch {
    // Not ours.
  }
  throw apiError('BAD_CURSOR');
}
