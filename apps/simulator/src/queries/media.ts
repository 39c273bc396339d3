import { node } from '../wire/node.ts';
import type { QueryHandler } from './query.ts';

/** `w:m`: where to upload media, which is the host that the client is connected to. The token says who uploads. */
export const answerMedia: QueryHandler = ({ stream, device }) => [
  node('media_conn', { auth: device.name, ttl: 3_600, auth_ttl: 3_600, max_buckets: 1 }, [
    node('host', { hostname: stream.host }),
  ]),
];
