import { Type } from 'typebox';
import type { Account } from '../account.ts';
import { storeDevices } from '../linking/stored-devices.ts';
import type { Network } from '../network.ts';
import type { Admin } from './admin.ts';
import { accountOf, DeviceNotFound } from './errors.ts';
import { answers, Phone, PhoneParameter } from './schemas.ts';

const AccountView = Type.Object({
  phone: Type.String(),
  lid: Type.String(),
  name: Type.String(),
  contact: Type.Boolean({ description: 'a simulated contact uses its phone' }),
  connected: Type.Boolean({ description: 'one of its devices is logged in' }),
  queued: Type.Integer({ description: 'stanzas that its devices have not confirmed' }),
  logins: Type.Integer(),
  devices: Type.Array(
    Type.Object({
      device: Type.Integer(),
      jid: Type.String(),
      connected: Type.Boolean(),
      state: Type.String({ description: 'passive or live while logged in, otherwise offline' }),
      available: Type.Boolean(),
      queued: Type.Integer(),
      preKeys: Type.Integer(),
      logins: Type.Integer(),
      pushName: Type.Optional(Type.String()),
    }),
  ),
});

const ConnectionView = Type.Object({
  phone: Type.String(),
  device: Type.Integer(),
  from: Type.Integer({ description: 'Unix ms of the login' }),
  to: Type.Optional(Type.Integer({ description: 'Unix ms of its end, or of the login that replaced it' })),
});

const LoginView = Type.Object({
  at: Type.Integer({ description: 'Unix ms' }),
  phone: Type.String(),
  device: Type.Integer(),
  refused: Type.Optional(Type.String({ description: 'the reason it was given, or `unanswered`' })),
});

const Folder = Type.Record(Type.String(), Type.String(), { description: 'name of each file to its content' });

/** Numbers and their linked devices. */
export function accountRoutes(app: Admin, network: Network): void {
  app.get(
    '/accounts',
    { schema: { summary: 'List the accounts', tags: ['accounts'], response: answers(Type.Array(AccountView)) } },
    () => Array.from(network.accounts, view),
  );
  app.get(
    '/accounts/:phone',
    {
      schema: {
        summary: 'Show an account and its devices',
        tags: ['accounts'],
        params: PhoneParameter,
        response: answers(AccountView),
      },
    },
    ({ params }) => view(accountOf(network, params.phone)),
  );
  app.get(
    '/connections',
    {
      schema: {
        summary: 'List when devices were logged in',
        description: 'Of the devices that are linked now, oldest first for each.',
        tags: ['ground truth'],
        querystring: Type.Object({
          since: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Unix ms: only connections that had not ended by then' }),
          ),
        }),
        response: answers(Type.Array(ConnectionView)),
      },
    },
    ({ query: { since = 0 } }) =>
      Array.from(network.accounts, ({ phone, devices }) =>
        Array.from(devices.values(), ({ id, connections }) =>
          connections
            .filter(({ to }) => to === undefined || to >= since)
            .map(({ from, to }) => ({ phone, device: id, from, to })),
        ),
      ).flat(2),
  );
  app.get(
    '/logins',
    {
      schema: {
        summary: 'List who tried to log in',
        description: 'Oldest first, with those that were refused.',
        tags: ['ground truth'],
        querystring: Type.Object({ since: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix ms' })) }),
        response: answers(Type.Array(LoginView)),
      },
    },
    ({ query: { since = 0 } }) => network.logins.since(since),
  );
  app.post(
    '/stored-devices',
    {
      schema: {
        summary: 'Link many devices at once, without clients',
        description:
          'Each to a number of its own, as if a client had been paired and had gone away. Answers with the auth folder of each as Baileys keeps it: `shared` belongs into all of them.',
        tags: ['accounts'],
        body: Type.Object({
          count: Type.Integer({ minimum: 1, maximum: 1_000 }),
          preKeys: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 5_000,
              description: 'one-time keys of each, the same for all of them; default 812, as Baileys makes',
            }),
          ),
          phones: Type.Optional(Type.Array(Phone, { description: 'the numbers; others than these are new ones' })),
        }),
        response: answers(
          Type.Object({
            shared: Folder,
            devices: Type.Array(
              Type.Object({
                phone: Type.String(),
                lid: Type.String(),
                jid: Type.String(),
                device: Type.Integer(),
                files: Folder,
              }),
            ),
          }),
        ),
      },
    },
    ({ body: { count, preKeys = 812, phones } }) => storeDevices(network, { count, preKeys, phones }),
  );
  app.post(
    '/accounts/:phone/unlink',
    {
      schema: {
        summary: 'Unlink a device, or all of them, from the phone',
        description: 'Connected devices get 401 device_removed; their credentials are refused from now on.',
        tags: ['accounts'],
        params: PhoneParameter,
        body: Type.Optional(Type.Union([Type.Object({ device: Type.Optional(Type.Integer()) }), Type.Null()])),
        response: answers(Type.Object({ unlinked: Type.Array(Type.Integer()) })),
      },
    },
    ({ params, body }) => {
      const account = accountOf(network, params.phone);
      const wanted = body?.device;
      const devices = [...account.devices.values()].filter(({ id }) => wanted === undefined || id === wanted);
      if (wanted !== undefined && devices.length === 0) throw new DeviceNotFound(String(wanted));
      for (const device of devices) network.unlink(device);
      return { unlinked: devices.map(({ id }) => id) };
    },
  );
}

function view(account: Account) {
  const devices = [...account.devices.values()];
  const sum = (of: (device: (typeof devices)[number]) => number) =>
    devices.reduce((total, each) => total + of(each), 0);
  return {
    phone: account.phone,
    lid: account.lid,
    name: account.name,
    contact: account.contact !== undefined,
    connected: devices.some(({ stream }) => stream !== undefined),
    queued: sum(({ queue }) => queue.size),
    logins: account.formerLogins + sum(({ logins }) => logins),
    devices: devices.map((device) => ({
      device: device.id,
      jid: device.pn,
      connected: device.stream !== undefined,
      state: device.stream?.state ?? 'offline',
      available: device.available,
      queued: device.queue.size,
      preKeys: device.preKeys.size,
      logins: device.logins,
      pushName: device.pushName,
    })),
  };
}
