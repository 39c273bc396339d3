import { STATUS_CODES } from 'node:http';
import Value from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { type CommandSpec, commands } from './commands/catalog.ts';
import { SendText } from './commands/content.ts';
import { errors } from './errors.ts';
import { EventEnvelope, eventId, events } from './events/envelope.ts';
import { messageStatuses, statusOrder } from './messages.ts';
import { requests } from './requests/catalog.ts';
import type { RequestSpec } from './requests/spec.ts';

const specs = Object.entries<CommandSpec>(commands);

describe('commands', () => {
  test('have a route each, and no two the same', () => {
    const paths = specs.map(([, { path }]) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^(\/[a-z-]+)+$/);
  });

  test.each(specs)('%s refuses what it does not know, and may expire', (name, { body }) => {
    expect(body).toMatchObject({ additionalProperties: false });
    expect(Object.keys(body.properties)).toContain('ttl');
    expect(body.required).toContain(name === 'send.status' ? 'audience' : 'to');
    expect(body.required).not.toContain('ttl');
  });

  test('a text message is checked at its bounds', () => {
    const body = { to: '+1 415 555 0123', text: 'x' };
    expect(Value.Check(SendText, body)).toBe(true);
    expect(Value.Check(SendText, { ...body, text: '' })).toBe(false);
    expect(Value.Check(SendText, { ...body, text: 'x'.repeat(65_537) })).toBe(false);
    expect(Value.Check(SendText, { ...body, ttl: 0 })).toBe(false);
    expect(Value.Check(SendText, { ...body, ttl: 7 * 86_400 + 1 })).toBe(false);
    expect(Value.Check(SendText, { ...body, txt: 'x' })).toBe(false);
  });
});

describe('requests', () => {
  const all = Object.entries<RequestSpec>(requests);

  test('have a route each, and no two the same, nor one of a command', () => {
    const routes = all.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ':x')}`);
    expect(new Set(routes).size).toBe(routes.length);
    const sends = new Set(specs.map(([, { path }]) => `POST ${path}`));
    expect(routes.filter((route) => sends.has(route))).toEqual([]);
  });

  test.each(all)('%s describes every parameter of its path', (_name, { path, params, query, body }) => {
    const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    expect(Object.keys(params?.properties ?? {})).toEqual(named);
    // They become one object for the handler: no name may stand for two things.
    const inputs = [params, query, body].flatMap((part) => Object.keys(part?.properties ?? {}));
    expect(new Set(inputs).size).toBe(inputs.length);
  });
});

describe('events', () => {
  const envelope = { id: eventId('ins_a', 7), instance: 'ins_a', sequence: 7, occurredAt: 0, data: {} };

  test.each(Object.entries(events))('%s is described, and the envelope knows it', (type, schema) => {
    expect(schema).toHaveProperty('description', expect.stringMatching(/\w/));
    expect(Value.Check(EventEnvelope, { ...envelope, type })).toBe(true);
  });

  test('the envelope knows no other type', () => {
    expect(Value.Check(EventEnvelope, { ...envelope, type: 'messages.unknown' })).toBe(false);
  });

  test('an update carries every status of a message, and nothing else', () => {
    const update = (status: string) => Value.Check(events['messages.update'], { id: '1', chat: 'c', status });
    expect(Object.keys(messageStatuses).every(update)).toBe(true);
    expect(update('lost')).toBe(false);
  });

  test('an id names instance and sequence', () => {
    expect(eventId('ins_a', 7)).toBe('evt_a_7');
    expect(eventId('ins_a', 8)).not.toBe(eventId('ins_a', 7));
  });
});

test('every status but the failure has its place in the order', () => {
  expect([...statusOrder, 'failed'].sort()).toEqual(Object.keys(messageStatuses).sort());
});

describe('errors', () => {
  test.each(Object.entries(errors))('%s has a status of HTTP and a sentence', (code, { statusCode, message }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(STATUS_CODES[statusCode]).toBeDefined();
    expect(message.length).toBeGreaterThan(1);
    expect(message.split('%s').length).toBeLessThanOrEqual(2);
  });

  test.each(Object.entries(errors).filter(([code]) => code.endsWith('_NOT_FOUND')))('%s is a 404', (_code, error) => {
    expect(error.statusCode).toBe(404);
  });
});
