import createError from '@fastify/error';
import { Type } from 'typebox';
import type { Device } from '../device.ts';
import { LinkingError } from '../linking/linking.ts';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { answers, Linked, Phone } from './schemas.ts';

const ScanQr = Type.Object({
  qr: Type.String({ description: 'text of the QR code' }),
  phone: Type.Optional(Phone),
  name: Type.Optional(Type.String({ description: "the account's push name" })),
  lid: Type.Optional(Type.String({ pattern: '^[0-9]{5,20}$', description: "the account's LID, digits only" })),
});

/** What somebody does with the phone of an account. */
export function phoneRoutes(app: Admin, network: Network): void {
  app.post(
    '/mock-phone/scan-qr',
    {
      schema: {
        summary: 'Scan a QR code with a phone',
        description:
          'Links the client that shows the code. The body is the text of the code (text/plain) or JSON. Without a number the phone has a new one.',
        tags: ['phone'],
        body: Type.Union([ScanQr, Type.String({ minLength: 1 })]),
        response: answers(Linked),
      },
    },
    async ({ body }) => {
      const { qr, phone, name, lid } = typeof body === 'string' ? scanOf(body) : body;
      return linking(() => network.linking.scan(qr, () => network.ensureAccount(phone, { name, lid })));
    },
  );
  app.post(
    '/mock-phone/enter-code',
    {
      schema: {
        summary: 'Enter a pairing code on a phone',
        description: 'Links the client that asked this number for a code. Case, blanks and dashes do not matter.',
        tags: ['phone'],
        body: Type.Object({ phone: Phone, code: Type.String({ minLength: 8 }), name: Type.Optional(Type.String()) }),
        response: answers(Linked),
      },
    },
    ({ body: { phone, code, name } }) =>
      linking(() => network.linking.codes.enter(phone, code, () => network.ensureAccount(phone, { name }))),
  );
}

/** A text body may be the code itself, or JSON that was sent without its content type. */
function scanOf(text: string): { qr: string; phone?: string; name?: string; lid?: string } {
  if (!text.trimStart().startsWith('{')) return { qr: text.trim() };
  try {
    const parsed: unknown = JSON.parse(text);
    const { qr, phone, name, lid } = parsed as Record<string, unknown>;
    const optional = (value: unknown) =>
      typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    return { qr: String(qr), phone: optional(phone), name: optional(name), lid: optional(lid) };
  } catch {
    return { qr: text };
  }
}

async function linking(
  link: () => Promise<Device>,
): Promise<{ jid: string; lid: string; phone: string; device: number }> {
  try {
    const device = await link();
    return { jid: device.pn, lid: device.lid, phone: device.account.phone, device: device.id };
  } catch (error) {
    if (!(error instanceof LinkingError)) throw error;
    const status = error.code === 'UNKNOWN_QR' || error.code === 'NO_REQUEST' ? 404 : 400;
    throw new (createError(error.code, '%s', status))(error.message);
  }
}
