import { describe, expect, it } from 'vitest';
import { Closer } from './closer.ts';

function recording() {
  const lines: { name: string; message: string }[] = [];
  const log = {
    error: (fields: { name: string; err: Error }) => lines.push({ name: fields.name, message: fields.err.message }),
  };
  return { lines, closer: new Closer(log as never) };
}

describe('Closer', () => {
  it('closes in the reverse order of opening, one after the other', async () => {
    const { closer } = recording();
    const order: string[] = [];
    closer.add('redis', () => order.push('redis'));
    closer.add('sockets', async () => {
      await Promise.resolve();
      order.push('sockets');
    });
    await closer.close();
    expect(order).toEqual(['sockets', 'redis']);
  });

  it('goes on after a failure and after something that hangs, logging each once', async () => {
    const { closer, lines } = recording();
    let closed = false;
    closer.add('first', () => {
      closed = true;
    });
    closer.add('hangs', () => new Promise(() => {}), { timeoutMs: 20 });
    closer.add('throws', () => {
      throw new Error('broken');
    });
    await closer.close();
    expect(closed).toBe(true);
    expect(lines).toEqual([
      { name: 'throws', message: 'broken' },
      { name: 'hangs', message: 'hangs did not close within 20 ms' },
    ]);
  });

  it('closes once, however often it is asked', async () => {
    const { closer } = recording();
    let times = 0;
    closer.add('server', () => {
      times += 1;
    });
    await Promise.all([closer.close(), closer.close()]);
    await closer.close();
    expect(times).toBe(1);
  });

  it('aborts its signal first, and closes what is opened afterwards at once', async () => {
    const { closer } = recording();
    const order: string[] = [];
    closer.add('loop', () => {
      order.push(`aborted ${closer.signal.aborted}`);
      closer.add('late', () => order.push('late'));
    });
    expect(closer.signal.aborted).toBe(false);
    await closer.close();
    expect(order).toEqual(['aborted true', 'late']);
    closer.add('later', () => order.push('later'));
    await closer.close();
    expect(order).toEqual(['aborted true', 'late', 'later']);
  });
});
