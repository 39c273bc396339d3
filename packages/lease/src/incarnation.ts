import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

const uuid = /-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** This machine's name in the letters that a Redis key takes; braces would move the key to another slot. */
const thisHost = () => hostname().replace(/[^A-Za-z0-9.-]/g, '-') || 'host';

/**
 * Names this run of this process: host name and a random UUID. Never configured, because two processes with the same
 * name (a frozen one and its replacement) could not be told apart by the fence.
 */
export const newIncarnation = () => `${thisHost()}-${randomUUID()}`;

/** Whether a text has the form of an incarnation, rather than being what some other server happens to answer. */
export const isIncarnation = (text: string) => uuid.test(text) && /^[A-Za-z0-9.-]{38,300}$/.test(text);

/** Whether an incarnation ran on the machine (or in the container) that this process runs on. */
export const isLocal = (incarnation: string) => incarnation.replace(uuid, '') === thisHost();
