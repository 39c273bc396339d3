import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@flotilla/testkit';
import { describe, expect, it } from 'vitest';
import { createBulkLane } from './bulk-lane.ts';
import { createSlots } from './slots.ts';

/** Work that takes so long (ms), and how many pieces of a tenant's are under way at a time. */
function work(ms: number) {
  const state = { atOnce: 0, most: 0, done: 0 };
  return {
    state,
    piece: async () => {
      state.atOnce += 1;
      state.most = Math.max(state.most, state.atOnce);
      await pause(ms);
      state.atOnce -= 1;
      state.done += 1;
    },
  };
}

const many = (count: number, each: () => Promise<void>) => Promise.all(Array.from({ length: count }, each));
const secondsOf = async (task: () => Promise<unknown>) => {
  const began = performance.now();
  await task();
  return (performance.now() - began) / 1_000;
};

describe('the bulk lane', () => {
  it('is not for a tenant that is alone, however much it has', async () => {
    const lane = createBulkLane(createSlots(4));
    const { state, piece } = work(60);
    await many(12, () => lane('ten_flood', piece));
    // All slots but those that are kept for tenants with little.
    expect(state.most).toBeGreaterThan(1);
    expect(state.done).toBe(12);
  });

  it('takes what a tenant with much has left one after the other, with rests, once another has come', async () => {
    const lane = createBulkLane(createSlots(8));
    const flood = work(120);
    await lane('ten_flood', flood.piece);
    await lane('ten_modest', async () => {});
    flood.state.most = 0;
    // Each piece is followed by a rest of four times its length; nobody waits for the last rest.
    const took = await secondsOf(() => many(3, () => lane('ten_flood', flood.piece)));
    expect(flood.state.most).toBe(1);
    expect(took).toBeGreaterThan(1);
  });

  it('delays nobody who has little', async () => {
    const lane = createBulkLane(createSlots(8));
    const flood = work(120);
    await lane('ten_flood', flood.piece);
    await lane('ten_modest', async () => {});
    const flooding = many(4, () => lane('ten_flood', flood.piece));
    const took = await secondsOf(() => lane('ten_modest', async () => {}));
    expect(took).toBeLessThan(1);
    expect(flood.state.done).toBeLessThan(5);
    await flooding;
  });

  it('is left behind when the others have gone', async () => {
    const slots = createSlots(8);
    const lane = createBulkLane(slots);
    const flood = work(120);
    await lane('ten_flood', flood.piece);
    await lane('ten_modest', async () => {});
    await eventually(() => slots.othersAgo('ten_flood') > 1_000);
    flood.state.most = 0;
    await many(3, () => lane('ten_flood', flood.piece));
    expect(flood.state.most).toBeGreaterThan(1);
  });

  it('goes on behind a piece of work that has failed, and tells of the failure', async () => {
    const lane = createBulkLane(createSlots(8));
    const flood = work(120);
    await lane('ten_flood', flood.piece);
    await lane('ten_modest', async () => {});
    const failing = lane('ten_flood', () => Promise.reject(new Error('failed here')));
    const next = lane('ten_flood', flood.piece);
    await expect(failing).rejects.toThrow('failed here');
    await next;
    expect(flood.state.done).toBe(2);
  });
});
