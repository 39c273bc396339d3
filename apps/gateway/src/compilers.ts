import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchema, FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';

type Validator = ReturnType<FastifySchemaCompiler<FastifySchema>>;
type Serializer = ReturnType<FastifySerializerCompiler<FastifySchema>>;

// Fastify compiles the schema of each answer of each route, though most routes have the same errors: seven of ten are one
// that it has seen before. That was a third of what a gateway's start costs.
// What is no body is text, and converted: another check for the same schema.
const validators = {
  ofBodies: new WeakMap<FastifySchema, Validator>(),
  ofText: new WeakMap<FastifySchema, Validator>(),
};
const serializers = new WeakMap<FastifySchema, Serializer>();

/** Whether an object has texts only: there is nothing to convert then, and looking for it costs more than the check. */
const hasTextsOnly = ({ properties = {} }: { properties?: Record<string, { type?: unknown }> }): boolean =>
  Object.values(properties).every(({ type }) => type === 'string');

/** No schema refers to another one by its name. */
const makeSerializer = SerializerSelector()();

/** Makes the check of what a request brings, once for each schema. */
export const compileValidator: FastifySchemaCompiler<FastifySchema> = (route) => {
  const { ofBodies, ofText } = validators;
  const isText = route.httpPart !== 'body' && !hasTextsOnly(route.schema as object);
  const made = isText ? ofText : ofBodies;
  const known = made.get(route.schema);
  if (known) return known;
  const validator: Validator = TypeBoxValidatorCompiler(isText ? route : { ...route, httpPart: 'body' });
  made.set(route.schema, validator);
  return validator;
};

/** Makes what writes an answer as JSON, once for each schema. */
export const compileSerializer: FastifySerializerCompiler<FastifySchema> = (route) => {
  const known = serializers.get(route.schema);
  if (known) return known;
  const made = makeSerializer({ httpStatus: '', ...route });
  serializers.set(route.schema, made);
  return made;
};
