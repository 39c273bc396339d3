import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/**
 * Bodies are JSON and nothing else. Many clients announce JSON with every request, also where they send nothing:
 * that counts as no body, and routes that need one say so.
 */
export const jsonBodies = fastifyPlugin(
  async (app: FastifyInstance) => {
    const parse = app.getDefaultJsonParser('error', 'error');
    app.removeAllContentTypeParsers();
    app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
      if (body === '') done(null, undefined);
      else parse(request, body, done);
    });
  },
  { name: 'json-bodies' },
);
