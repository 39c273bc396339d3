import { configSchema as connectionWorker } from '../../../apps/connection-worker/src/config.ts';
import { configSchema as gateway } from '../../../apps/gateway/src/config.ts';
import { configSchema as simulator } from '../../../apps/simulator/src/config.ts';
import { configSchema as webhookWorker } from '../../../apps/webhook-worker/src/config.ts';

/** The part of a variable's schema that deployment and documentation repeat. */
export interface Variable {
  default?: unknown;
  isRequired: boolean;
}

/** What is used of an app's `configSchema`. */
interface Schema {
  properties: object;
  required?: string[];
}

const schemas: Record<string, Schema> = {
  gateway,
  'connection-worker': connectionWorker,
  'webhook-worker': webhookWorker,
  simulator,
};

const variablesOf = ({ properties, required = [] }: Schema): Map<string, Variable> =>
  new Map(
    Object.entries(properties as Record<string, { default?: unknown }>).map(([name, schema]) => [
      name,
      { default: schema.default, isRequired: required.includes(name) && schema.default === undefined },
    ]),
  );

/** Each app with the variables that it asks for. */
export const apps: ReadonlyMap<string, ReadonlyMap<string, Variable>> = new Map(
  Object.entries(schemas).map(([app, schema]) => [app, variablesOf(schema)]),
);

/** Names of the apps that ask for a variable. */
export const appsWith = (name: string): string[] =>
  [...apps].flatMap(([app, variables]) => (variables.has(name) ? [app] : []));

/** Every variable of any app. */
export const variableNames: readonly string[] = [
  ...new Set([...apps.values()].flatMap((variables) => [...variables.keys()])),
];
