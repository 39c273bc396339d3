import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the project, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A file of the project as text. */
export const readText = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
