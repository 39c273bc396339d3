import { describe, expect } from 'vitest';
import { clientOf, gatewayTest } from './gateway.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

/** Every `$ref` below a value. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === '$ref' ? [String(part)] : references(part)));
}

describe('the API description', () => {
  gatewayTest('is OpenAPI 3.1 in which every reference leads somewhere', async ({ app }) => {
    const { status, body } = await clientOf(app)('GET', '/openapi.json');
    const document: Document = body;
    expect(status).toBe(200);
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({
      title: expect.any(String),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    for (const reference of references(document)) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
    expect(JSON.stringify(document)).not.toContain('"$id"');
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Instance', 'Sent', 'Message', 'Webhook', 'Delivery', 'DeadLetter', 'Tenant', 'Error']),
    );
  });

  gatewayTest('has a summary, answers and errors for every route', async ({ app }) => {
    const document = app.swagger() as unknown as Document;
    const schemes = Object.keys(document.components.securitySchemes);
    const tags = document.tags.map(({ name }) => name);
    const ids: string[] = [];
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const where = `${method} ${path}`;
        expect(operation.summary, where).toBeTruthy();
        expect(operation.description, where).toBeTruthy();
        expect(
          operation.tags?.every((tag) => tags.includes(tag)),
          where,
        ).toBe(true);
        ids.push(operation.operationId ?? where);

        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = operation.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
        expect(declared.map(({ name }) => name).sort(), where).toEqual(inPath.sort());
        for (const parameter of operation.parameters ?? []) expect(parameter.description, where).toBeTruthy();
        if (method === 'patch') expect(operation.requestBody?.content['application/json']?.schema, where).toBeTruthy();

        const answers = Object.entries(operation.responses);
        const success = answers.filter(([status]) => status.startsWith('2'));
        expect(success.length, where).toBeGreaterThan(0);
        for (const [status, { description, content }] of success) {
          expect(description, where).not.toMatch(/Default Response/);
          if (status !== '204') expect(Object.values(content ?? {})[0]?.schema, where).toBeTruthy();
        }
        if (!path.startsWith('/v1')) continue;
        expect(operation.security?.length, where).toBeGreaterThan(0);
        for (const scheme of operation.security ?? [])
          expect(schemes, where).toContain(Object.keys(scheme as object)[0]);
        const statuses = answers.map(([status]) => status);
        expect(statuses, where).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
        if (path.includes('{')) expect(statuses, where).toContain('404');
        if (operation.requestBody) expect(statuses, where).toEqual(expect.arrayContaining(['400', '413', '415']));
        for (const [status, { content }] of answers.filter(([status]) => Number(status) >= 400))
          expect(content?.['application/json']?.schema, `${where} ${status}`).toEqual({
            $ref: '#/components/schemas/Error',
          });
      }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('sendText');
  });

  gatewayTest('says how files are sent as forms, and why they may be refused', async ({ app }) => {
    const { paths } = app.swagger() as unknown as Document;
    const withFiles = Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).flatMap((operation) => {
        const form = operation.requestBody?.content['multipart/form-data']?.schema;
        // Others take nothing but a form, or read theirs themselves.
        return JSON.stringify(form)?.includes('"payload"') ? [{ path, operation, form }] : [];
      }),
    );
    expect(withFiles.map(({ path }) => path.split('/').slice(4).join('/'))).toEqual(
      expect.arrayContaining([
        'messages/image',
        'messages/album',
        'messages/document',
        'profile/picture',
        'messages/status',
      ]),
    );
    for (const { operation, path, form } of withFiles) {
      expect(form, path).toMatchObject({ properties: { file: expect.anything() } });
      expect(JSON.stringify(form), path).not.toContain('base64');
      expect(operation.requestBody?.content['application/json'], path).toBeDefined();
      expect(operation.responses['413']?.description, path).toContain('MEDIA_TOO_LARGE');
    }
  });

  gatewayTest('can be read and tried at /docs', async ({ app }) => {
    const page = await clientOf(app)('GET', '/docs/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect((await clientOf(app)('GET', '/docs/static/swagger-ui-bundle.js')).status).toBe(200);
  });
});
