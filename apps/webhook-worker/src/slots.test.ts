import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

/** An endpoint that asks for slots and counts what it is given. */
function asker(slots: ReturnType<typeof createSlots>, tenant: string) {
  const state = { held: 0, given: 0 };
  const claim = slots.join(tenant, () => {
    state.held += 1;
    state.given += 1;
  });
  return {
    state,
    want: claim.want,
    leave: claim.leave,
    release(ms?: number) {
      state.held -= 1;
      claim.release(ms);
    },
  };
}

describe('slots', () => {
  it('are given at once while there are enough', () => {
    const one = asker(createSlots(100), 'ten_a');
    one.want(3);
    expect(one.state.held).toBe(3);
  });

  it('leave most of them to others, however much one endpoint wants', () => {
    const slots = createSlots(100);
    const one = asker(slots, 'ten_a');
    one.want(1_000);
    expect(one.state.held).toBe(10);
  });

  it('keep a quarter for tenants that hold little, whatever one of them holds', () => {
    const slots = createSlots(100);
    for (let n = 0; n < 20; n += 1) asker(slots, 'ten_greedy').want(10);
    const other = asker(slots, 'ten_modest');
    other.want(10);
    expect(other.state.held).toBe(10);
    // A slot that comes back is used at once by whoever may have it.
    other.want(0);
    other.release(5);
    const third = asker(slots, 'ten_third');
    third.want(1);
    expect(third.state.held).toBe(1);
  });

  it('are not used up by endpoints whose answers take long, whosever they are', () => {
    const slots = createSlots(100);
    const slow = Array.from({ length: 30 }, (_, n) => asker(slots, `ten_${n}`));
    for (const each of slow) {
      each.want(1);
      each.release(60_000);
    }
    for (const each of slow) each.want(10);
    expect(slow.reduce((sum, { state }) => sum + state.held, 0)).toBeLessThanOrEqual(51);
    const quick = asker(slots, 'ten_quick');
    quick.want(5);
    expect(quick.state.held).toBe(5);
  });

  it('go to the tenant that has had the least of their time', () => {
    const slots = createSlots(10);
    const [slow, quick] = ['ten_slow', 'ten_quick'].map((tenant) =>
      Array.from({ length: 20 }, () => asker(slots, tenant)),
    );
    if (!slow || !quick) throw new Error('two were made');
    for (const each of [...slow, ...quick]) each.want(100);
    const heldBy = (own: typeof slow) => own.filter(({ state }) => state.held > 0);
    for (let round = 0; round < 400; round += 1) {
      heldBy(slow)[0]?.release(100);
      heldBy(quick)[0]?.release(1);
      if (round % 2 === 0) heldBy(quick)[0]?.release(1);
    }
    const given = (own: typeof slow) => own.reduce((sum, { state }) => sum + state.given, 0);
    expect(given(quick)).toBeGreaterThan(given(slow));
    expect(given(slow)).toBeGreaterThan(0);
  });

  it('all come back', async () => {
    const slots = createSlots(4);
    let atOnce = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        slots.within(`ten_${n % 5}`, async () => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          await new Promise(setImmediate);
          atOnce -= 1;
        }),
      ),
    );
    expect(most).toBeLessThanOrEqual(4);
    const one = asker(slots, 'ten_last');
    one.want(1);
    expect(one.state.held).toBe(1);
  });

  it('are not held up by a tenant that came long ago and goes on', () => {
    const slots = createSlots(100);
    expect(slots.othersAgo('ten_a')).toBe(Number.POSITIVE_INFINITY);
    asker(slots, 'ten_a');
    asker(slots, 'ten_a');
    expect(slots.othersAgo('ten_a')).toBe(Number.POSITIVE_INFINITY);
    asker(slots, 'ten_b');
    expect(slots.othersAgo('ten_a')).toBeLessThan(60_000);
    expect(slots.othersAgo('ten_b')).toBeLessThan(60_000);
  });
});
