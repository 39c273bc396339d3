import { PairingCode, RequestPairingCode } from '@flotilla/contracts';
import { apiError } from '../errors.ts';
import { findInstance, InstanceParams } from '../instance-view.ts';
import { issuePairingCode } from '../pairing-code.ts';
import type { Routes } from '../parts.ts';
import { readPhone } from '../recipient.ts';

/** `ABCD1234` as the phone shows it: `ABCD-1234`. */
const grouped = (code: string) => code.replace(/^(\w{4})(\w{4})$/, '$1-$2');

/** `/v1/instances/{instance}/pairing-code`. */
export const pairingCodeRoutes: Routes = async (app, parts) => {
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
      const instance = await findInstance(parts, request, request.params.instance);
      const issued = await issuePairingCode(parts, reply, instance, phone.digits);
      return { code: grouped(issued.code), expiresAt: issued.expiresAt };
    },
  );
};
