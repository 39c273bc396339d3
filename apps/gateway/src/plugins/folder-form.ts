import { folderBounds } from '@flotilla/auth-folder';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiError } from '../errors.ts';
import { createPlaces } from '../places.ts';
import { tenantOf } from './access.ts';
import { readForm } from './multipart.ts';

/** What a JSON body with an auth folder may measure (bytes): the folder, quoted. */
export const importBodyBytes = 64 * 1_048_576;
/** Forms of one tenant that are in memory at a time. */
const formsAtATime = 1;

const formLimits = {
  fieldNameSize: 300,
  fieldSize: 1_048_576,
  fields: 20,
  files: folderBounds.files + 1,
  parts: folderBounds.files + 20,
  headerPairs: 50,
  fileSize: folderBounds.bytes,
};

/**
 * A hook that turns a form with the files of a folder into the body that JSON would have been.
 * @throws TOO_MANY_REQUESTS while another folder of the tenant is in memory, PAYLOAD_TOO_LARGE, VALIDATION
 */
export function folderForms(): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const forms = createPlaces(formsAtATime);
  return async (request, reply) => {
    if (!request.isMultipart()) return;
    const leave = forms.take(tenantOf(request));
    if (!leave) {
      reply.header('connection', 'close');
      throw apiError('TOO_MANY_REQUESTS', 'an import');
    }
    reply.raw.once('close', leave);
    request.body = await readFolder(request, reply);
  };
}

async function readFolder(request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const files: Record<string, string> = Object.create(null);
  let bytes = 0;
  const texts = await readForm(
    request,
    reply,
    async ({ filename, file }) => {
      const parts: Buffer[] = [];
      for await (const part of file as AsyncIterable<Buffer>) {
        bytes += part.length;
        if (bytes > folderBounds.bytes) throw apiError('PAYLOAD_TOO_LARGE', folderBounds.bytes);
        parts.push(part);
      }
      if (!filename) throw apiError('VALIDATION', 'body/files: each file needs its name');
      if (filename in files) throw apiError('VALIDATION', 'body/files: no two files may have the same name');
      files[filename] = Buffer.concat(parts).toString('utf8');
    },
    formLimits,
  );
  return { ...texts, files };
}
