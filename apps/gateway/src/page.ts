/** How many entries a page has unless the client asks for another number. */
export const defaultLimit = 50;
