/**
 * Loaded into a process before its program: it tells on stdout what its memory holds when it gets SIGWINCH, after a
 * forced collection when it gets SIGURG. The same for all that are compared, whoever wrote them.
 */
import type { MemoryNote } from './memory.ts';

let answers = 0;

const tell = (collected: boolean) => {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  answers += 1;
  const note: MemoryNote = { memory: { rss, heapUsed, heapTotal, external, collected }, number: answers };
  process.stdout.write(`${JSON.stringify(note)}\n`);
};

process.on('SIGWINCH', () => tell(false));
/** As thoroughly as V8 can: without that, compiled code stays that nobody runs any more, and pages that are nearly empty. */
const collect = () => globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });

process.on('SIGURG', () => {
  // Twice: what the first one has finalized is free after the second.
  collect();
  setImmediate(() => {
    collect();
    tell(true);
  });
});
