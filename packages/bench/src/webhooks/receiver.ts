/**
 * A receiver of webhooks that costs as little as can be: it reads the length of each request, answers 200, and counts.
 * Prints its port. GET is answered with how many came so far.
 */
import { createServer, type Socket } from 'node:net';

const answer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
let count = 0;

function serve(socket: Socket) {
  socket.setNoDelay(true);
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(pending.toString('latin1', 0, end))?.[1];
      const total = end + 4 + Number(length ?? 0);
      if (pending.length < total) return;
      const isQuestion = pending[0] === 0x47; // G
      pending = pending.subarray(total);
      if (isQuestion) {
        socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${String(count).length}\r\n\r\n${count}`);
        return;
      }
      count += 1;
      socket.write(answer);
    }
  });
  socket.on('error', () => {});
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  console.log(address.port);
});
