import type { FormatName } from '@flotilla/contracts';
import type { Format } from './format.ts';
import { luna } from './luna.ts';
import { multiInstance } from './multi-instance.ts';
import { native } from './native.ts';
import { qrService } from './qr-service.ts';
import { wwebjs } from './wwebjs.ts';

/** Every format that an endpoint can ask for. */
export const formats: Record<FormatName, Format> = {
  native,
  luna,
  'multi-instance': multiInstance,
  'qr-service': qrService,
  wwebjs,
};
