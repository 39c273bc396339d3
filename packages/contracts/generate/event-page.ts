import type { TSchema } from 'typebox';
import {
  EventEnvelope,
  EventMessage,
  events,
  Group,
  Location,
  MediaDescriptor,
  Party,
  PollResult,
  SendError,
} from '../src/index.ts';
import { Chat, Contact } from '../src/people.ts';

/** JSON Schema, as far as events use it. */
interface Shape {
  type?: string;
  enum?: readonly string[];
  anyOf?: readonly Shape[];
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: readonly string[];
  description?: string;
}

/** Shapes that several events have: each has a table of its own. */
const shared = Object.entries({
  Party,
  EventMessage,
  MediaDescriptor,
  Location,
  PollResult,
  SendError,
  Chat,
  Contact,
  Group,
} satisfies Record<string, TSchema>) as [string, Shape][];

/** What makes two shapes the same, whatever is said about them and however many of their fields must be there. */
const fingerprint = ({ description: _, required: _required, ...shape }: Shape) => JSON.stringify(shape);
const fingerprints = new Map(shared.map(([name, shape]) => [fingerprint(shape), name]));

function typeOf(shape: Shape, self?: string): string {
  const name = fingerprints.get(fingerprint(shape));
  if (name && name !== self) {
    const isPart = (shape.required ?? []).length === 0 && shape.properties !== undefined;
    return `${isPart ? 'part of a ' : ''}[${name}](#${name.toLowerCase()})`;
  }
  if (shape.enum) return shape.enum.length > 12 ? 'string' : shape.enum.map((value) => `\`${value}\``).join(', ');
  if (shape.anyOf) return [...new Set(shape.anyOf.map((part) => typeOf(part)))].join(' or ');
  if (shape.items) return `list of ${typeOf(shape.items)}`;
  return shape.type ?? 'any';
}

/** A field and those within it, unless it is a shape with a table of its own. */
function rows(name: string, shape: Shape, isRequired: boolean): string[] {
  const row = `| \`${name}\` | ${typeOf(shape)} | ${isRequired ? 'always' : ''} | ${shape.description ?? ''} |`;
  const inner = shape.items ?? shape;
  const isOwnTable = fingerprints.has(fingerprint(shape)) || fingerprints.has(fingerprint(inner));
  return isOwnTable ? [row] : [row, ...fields(inner, shape.items ? `${name}[].` : `${name}.`)];
}

const fields = ({ properties = {}, required = [] }: Shape, before = ''): string[] =>
  Object.entries(properties).flatMap(([name, shape]) => rows(before + name, shape, required.includes(name)));

const table = (lines: string[]) =>
  lines.length === 0 ? '' : `\n| field | type | there | |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;

/** The page about what every event has, made from its schemas, so that it cannot say something else. */
export function eventPage(): string {
  const envelope = EventEnvelope as Shape;
  const sections = Object.entries<Shape>(events).map(
    ([type, shape]) => `### \`${type}\`\n\n${shape.description}.\n${table(fields(shape))}`,
  );
  const shapes = shared.map(([name, shape]) => {
    const inner = shape.items ?? shape;
    const what = shape.items ? `A list; each entry has:\n` : '';
    return `### ${name}\n\n${what}${table(fields(inner)).trimStart()}`;
  });
  return `# What every event has

Made from the schemas by \`pnpm -C packages/contracts generate\`. As JSON Schema they are in the API's description, at
\`/openapi.json\` of every gateway, under \`webhooks\`; [the client](../packages/client/README.md) has them as types. When
each comes, and how sure it is: [events](events.md). How to receive them: [receiving webhooks](receiving-webhooks.md).

New fields, new event types and new values of lists may come at any time: take no notice of what you do not know.

## All of them
${table(fields({ ...envelope, properties: { ...envelope.properties, data: { type: 'object', description: 'Depends on `type`: see below' } } }))}
## Data of each type

${sections.join('\n')}
## Shapes that several have

${shapes.join('\n')}`;
}
