import { node } from '../wire/node.ts';
import type { QueryHandler } from './query.ts';

/** `w:m`: where to upload media, which is the host that the client is connected to. */
export const answerMedia: QueryHandler = ({ stream }) => [
  node('media_conn', { auth: 'simulator', ttl: 3_600, auth_ttl: 3_600, max_buckets: 1 }, [
    node('host', { hostname: stream.host }),
  ]),
];
