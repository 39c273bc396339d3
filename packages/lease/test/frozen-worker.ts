// A worker with one socket, which it uses as often as its lease allows. Arguments: Redis' URL, the port of the socket.
import { connect } from 'node:net';
import { connectRedis, ready } from '@flotilla/redis';
import { createWorkerLease, newIncarnation } from '../src/index.ts';
import { silentLog } from './silent-log.ts';

const [url = '', port = ''] = process.argv.slice(2);
const redis = connectRedis(url, { name: 'frozen', manner: 'prompt' });
await ready(redis);
const socket = connect(Number(port), '127.0.0.1');
const lease = createWorkerLease({
  redis,
  incarnation: newIncarnation(),
  address: 'host:1',
  capacity: 1,
  ttlMs: 2_400,
  deadlineMs: 1_500,
  renewEveryMs: 200,
  log: silentLog,
  onChange: (state) => {
    if (state === 'expired' || state === 'lost') socket.resetAndDestroy();
    console.log(state);
    if (state === 'lost') process.exit(0);
  },
});
console.log(lease.incarnation);
await lease.start();
setInterval(() => {
  if (lease.held() && !socket.destroyed) socket.write('x');
}, 5);
