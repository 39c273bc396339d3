import { logLevel, port } from '@flotilla/service';
import { Type } from 'typebox';

/** Environment variables of the simulator. */
export const configSchema = Type.Object({
  PORT: port(8090),
  HOST: Type.String({ default: '127.0.0.1', description: 'the address to listen on', examples: ['127.0.0.1'] }),
  PUBLIC_HOST: Type.Optional(
    Type.String({
      description: 'the name by which clients reach it, for URLs of media and the certificate',
      examples: ['simulator'],
    }),
  ),
  LOG_LEVEL: logLevel,
});
