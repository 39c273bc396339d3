import type { ErrorShape } from '../plugins/errors.ts';
import { compatPath, type Dialect } from './dialect.ts';
import { luna } from './luna/luna.ts';
import { multiInstance } from './multi-instance/multi-instance.ts';
import { qrService } from './qr-service/qr-service.ts';
import { sessions } from './sessions/sessions.ts';
import { wwebjs } from './wwebjs/wwebjs.ts';

/** Every dialect that is spoken. A new one is a folder and an entry here. */
export const spokenDialects: readonly Dialect[] = [luna, multiInstance, sessions, qrService, wwebjs];

/** How errors look at a URL, for those that come before any route: a URL that cannot be read, or one that is too long. */
export const errorShapeAt = (url: string | undefined): ErrorShape | undefined =>
  spokenDialects.find(({ name }) => url?.startsWith(`${compatPath}/${name}/`))?.errorShape;
