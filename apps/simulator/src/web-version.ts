import type { IncomingMessage, ServerResponse } from 'node:http';

/** The newest build of WhatsApp web, as clients read it from the page's service worker: 2.3000.{revision}. */
const clientRevision = 1_035_194_821;

/**
 * Answers `GET /sw.js`, where clients look for the version to claim. They ask `web.whatsapp.com`: whoever wants them to
 * ask here has to redirect that name. False if the request is for something else.
 */
export function serveWebVersion(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== 'GET' || request.url?.split('?')[0] !== '/sw.js') return false;
  response.setHeader('content-type', 'application/javascript');
  response.end(`self.version = ${JSON.stringify(JSON.stringify({ client_revision: clientRevision }))};\n`);
  return true;
}
