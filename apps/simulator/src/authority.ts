import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** TLS keys of the simulator, made at start and never stored. */
export interface Authority {
  /** Certificate of the authority, PEM: clients that check certificates need it. */
  ca: string;
  cert: string;
  key: string;
}

/** Makes a certificate authority and a server certificate for 127.0.0.1, ::1, localhost and `host`. */
export async function createAuthority(host: string): Promise<Authority> {
  const notAfterDate = new Date(Date.now() + 365 * 86_400_000);
  const options = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notAfterDate } as const;
  const authority = await generate([{ name: 'commonName', value: 'Flotilla simulator CA' }], {
    ...options,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const names = new Set(['127.0.0.1', '::1', 'localhost', host]);
  const server = await generate([{ name: 'commonName', value: 'Flotilla simulator' }], {
    ...options,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...names].map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { ca: authority.cert, cert: server.cert, key: server.private };
}
