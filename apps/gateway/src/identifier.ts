/**
 * Whether a text from a URL may be used as a part of a Redis key. Keys wrap ids in braces, so braces and everything
 * else that our ids never hold must not get there; what fails is answered like an id that does not exist.
 */
export const isIdentifier = (text: string) => /^[\w-]{1,64}$/.test(text);

/** An unknown id for an error message: short and printable whatever the client sent. */
export const shown = (text: string) => (isIdentifier(text) ? text : '(not an id)');
