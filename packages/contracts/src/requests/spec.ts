import Type, { type TObject, type TSchema } from 'typebox';
import type { ErrorCode } from '../errors.ts';
import type { Scope } from '../tenants.ts';

/**
 * A request to WhatsApp that is no message: asked of the open connection, and answered with what WhatsApp said.
 * It is not kept for later: without an answer in time it has failed.
 */
export interface RequestSpec {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1/instances/{instance}`, with `:parameters`. */
  path: `/${string}`;
  summary: string;
  description?: string;
  tag: string;
  access: Scope;
  params?: TObject;
  query?: TObject;
  body?: TObject;
  result: TSchema;
  /**
   * Whether asking twice does what asking once does. If not, a request during which its worker died is not tried again:
   * it fails and says so.
   */
  repeatable: boolean;
  errors?: readonly ErrorCode[];
}

/** Someone or something in a path: a phone number, JID or LID. */
const address = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });

export const done = Type.Object({}, { $id: 'Done', additionalProperties: false, description: 'WhatsApp has done it' });

export const chatParams = Type.Object({ chat: address('Phone number, JID, LID or group') });
export const contactParams = Type.Object({ contact: address('Phone number, JID or LID') });
export const groupParams = Type.Object({ group: address('JID of the group, `…@g.us`') });
export const messageParams = Type.Object({
  message: Type.String({ minLength: 1, maxLength: 128, description: "The message's id on WhatsApp" }),
});
export const newsletterParams = Type.Object({ newsletter: address('JID of the channel, `…@newsletter`') });

/** An object of a body, in which nothing unknown is taken. */
export const fields = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** A body of which at least one field must be there. */
export const change = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false, minProperties: 1 });
