import { afterEach, describe, expect, it } from 'vitest';
import { Counter, createMetrics } from './metrics.ts';
import { type OperationsServer, operationsServer, type Readiness } from './operations-server.ts';

let server: OperationsServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(ready: () => Readiness | Promise<Readiness>, routes?: Record<string, () => unknown>) {
  const metrics = createMetrics('test-app');
  server = await operationsServer({ host: '127.0.0.1', port: 0, metrics, ready, routes });
  const url = `http://127.0.0.1:${server.port}`;
  return { metrics, get: (path: string) => fetch(`${url}${path}`) };
}

describe('operationsServer', () => {
  it('answers that the process runs', async () => {
    const { get } = await start(() => ({ ok: false }));
    expect((await get('/healthz')).status).toBe(200);
  });

  it('answers 200 when ready and 503 with the reason when not', async () => {
    let ok = true;
    const { get } = await start(() => ({ ok, details: { redis: ok ? 'up' : 'down' } }));
    expect((await get('/readyz')).status).toBe(200);
    ok = false;
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: 'unavailable', ok: false, details: { redis: 'down' } });
  });

  it('is not ready when the check fails', async () => {
    const { get } = await start(() => Promise.reject(new Error('Connection is closed.')));
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ details: { error: 'Connection is closed.' } });
  });

  it('shows the metrics of the process and of the app', async () => {
    const { get, metrics } = await start(() => ({ ok: true }));
    new Counter({ name: 'sends_total', help: 'Messages sent', registers: [metrics] }).inc(3);
    const text = await (await get('/metrics')).text();
    expect(text).toContain('sends_total{app="test-app"} 3');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds{app="test-app"}');
  });

  it('serves further routes', async () => {
    const { get } = await start(() => ({ ok: true }), { '/incarnation': () => ({ incarnation: 'a-1' }) });
    expect(await (await get('/incarnation')).json()).toEqual({ incarnation: 'a-1' });
  });

  it('rejects when the port is taken', async () => {
    await start(() => ({ ok: true }));
    const options = {
      host: '127.0.0.1',
      port: server?.port ?? 0,
      metrics: createMetrics('b'),
      ready: () => ({ ok: true }),
    };
    await expect(operationsServer(options)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
