import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';

const header = `// Made from the API's description by \`pnpm -C packages/client generate\`. Changes are lost.\n\n`;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Leaves out what the client throws instead of returning it, which is most of the description: errors are the same schema
 * for every call.
 */
function withoutErrors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutErrors);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    if (key !== 'responses' || !isObject(part)) return [key, withoutErrors(part)];
    return [key, Object.fromEntries(Object.entries(part).filter(([status]) => !/^[45]/.test(status)))];
  });
  return Object.fromEntries(entries);
}

/**
 * The types of an API in TypeScript: its paths, its named schemas, and what it posts to webhooks.
 * @param document its description in OpenAPI 3.1
 */
export async function apiTypes(document: OpenAPI3): Promise<string> {
  return header + astToString(await openapiTypes(withoutErrors(document) as OpenAPI3));
}
