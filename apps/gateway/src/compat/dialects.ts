import type { Dialect } from './dialect.ts';
import { luna } from './luna/luna.ts';
import { multiInstance } from './multi-instance/multi-instance.ts';

/** Every dialect that is spoken. A new one is a folder and an entry here. */
export const spokenDialects: readonly Dialect[] = [luna, multiInstance];
