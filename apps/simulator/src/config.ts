import { logLevel, port } from '@flotilla/service';
import { Type } from 'typebox';

/** Environment variables of the simulator. */
export const configSchema = Type.Object({
  PORT: port(8090),
  HOST: Type.String({ default: '127.0.0.1', description: 'the address to listen on', examples: ['127.0.0.1'] }),
  LOG_LEVEL: logLevel,
});
