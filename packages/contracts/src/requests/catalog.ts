import type { Static, TObject } from 'typebox';
import { chatRequests } from './chats.ts';
import { contactRequests } from './contacts.ts';
import { groupRequests } from './groups.ts';
import { profileRequests } from './profile.ts';
import type { RequestSpec } from './spec.ts';

/**
 * Every request that a tenant can make of an instance's open connection, declared once: the gateway makes routes,
 * validation and documentation from it, the connection worker must have a handler for each.
 */
export const requests = {
  ...chatRequests,
  ...contactRequests,
  ...groupRequests,
  ...profileRequests,
} as const satisfies Record<string, RequestSpec>;

export type RequestName = keyof typeof requests;

type Part<S, K extends string> = S extends { [P in K]: infer T extends TObject } ? Static<T> : object;

/** What a request's handler gets: the parameters of the path, the query and the body, in one object. */
export type RequestInput<N extends RequestName> = Part<(typeof requests)[N], 'params'> &
  Part<(typeof requests)[N], 'query'> &
  Part<(typeof requests)[N], 'body'>;

/** What it answers. */
export type RequestResult<N extends RequestName> = Static<(typeof requests)[N]['result']>;
