import { randomUUID } from 'node:crypto';
import { PairingCode, RequestPairingCode } from '@flotilla/contracts';
import { apiError } from '../errors.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import type { Routes } from '../parts.ts';
import { patience } from '../patience.ts';
import { readPhone } from '../recipient.ts';

/** How long WhatsApp is given to issue a code (ms); includes claiming the instance and opening its socket. */
const longestWaitMs = 25_000;

/** `ABCD1234` as the phone shows it: `ABCD-1234`. */
const grouped = (code: string) => code.replace(/^(\w{4})(\w{4})$/, '$1-$2');

/** `/v1/instances/{instance}/pairing-code`. */
export const pairingCodeRoutes: Routes = async (app, parts) => {
  const { changes, instances, queues, closing } = parts;

  app.post(
    '/v1/instances/:instance/pairing-code',
    {
      config: {
        access: 'instances:write',
        errors: ['INSTANCE_NOT_FOUND', 'ALREADY_PAIRED', 'PAIRING_CODE_TIMEOUT'],
      },
      schema: {
        operationId: 'requestPairingCode',
        tags: ['Instances'],
        summary: 'Get a code to link a phone with, instead of a QR code',
        description:
          'Type it on the phone: Linked devices, Link a device, Link with phone number instead. Connects the instance if it is not connected.',
        params: InstanceParams,
        body: RequestPairingCode,
        response: { 200: PairingCode },
      },
    },
    async (request, reply) => {
      const phone = readPhone(request.body.phone);
      if ('reason' in phone) throw apiError('VALIDATION', `body/phone: ${phone.reason}`);
      const { id, paired } = await findInstance(parts, request, request.params.instance);
      if (paired) throw apiError('ALREADY_PAIRED');

      const requestId = randomUUID();
      await instances.setDesired(id, 'connected');
      await queues.addControl(id, { name: 'pairing-code', phone: phone.digits, requestId });
      await queues.rouse(id, 'requested');

      const look = async () => {
        const instance = await instances.get(id);
        if (!instance) throw apiError('INSTANCE_NOT_FOUND', id);
        if (instance.paired) throw apiError('ALREADY_PAIRED');
        return instance.pairingCode?.requestId === requestId ? instance.pairingCode : undefined;
      };
      const issued = await changes.waitFor(id, look, {
        timeoutMs: longestWaitMs,
        signal: patience(reply, closing),
      });
      if (!issued) throw apiError('PAIRING_CODE_TIMEOUT');
      reply.header('cache-control', 'no-store');
      return { code: grouped(issued.code), expiresAt: issued.expiresAt };
    },
  );
};
