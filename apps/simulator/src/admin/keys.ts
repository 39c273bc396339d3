import { Type } from 'typebox';
import type { Authority } from '../authority.ts';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { answers } from './schemas.ts';

/** What clients need to trust the simulator. */
export function keyRoutes(app: Admin, network: Network, authority: Authority): void {
  app.get(
    '/root-key',
    {
      schema: {
        summary: 'The root key of the Noise certificates',
        description: "Set Baileys' `WA_CERT_DETAILS.PUBLIC_KEY` to these bytes before connecting.",
        tags: ['keys'],
        response: answers(Type.Object({ rootKey: Type.String({ description: '32 bytes, hexadecimal' }) })),
      },
    },
    () => ({ rootKey: network.noise.rootKey.toString('hex') }),
  );
  app.get(
    '/ca.pem',
    {
      schema: {
        summary: 'The certificate of the authority behind wss and https',
        description: 'Save it and start clients with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
        tags: ['keys'],
        response: answers(Type.String()),
      },
    },
    (_request, reply) => {
      reply.type('application/x-pem-file').serializer(String);
      return authority.ca;
    },
  );
}
