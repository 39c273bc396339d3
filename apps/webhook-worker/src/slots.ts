/** Over how many attempts the usual duration of an endpoint's requests is averaged. */
const smoothing = 8;

/** Requests that usually take longer (ms) are slow. */
const slowMs = 2_000;

/** Shares of a worker's slots. */
const shares = {
  /** One endpoint may hold so many. */
  endpoint: 0.1,
  /** What is left of the slots when so many are free is only for tenants that hold less than their `modest` share. */
  reserve: 0.25,
  modest: 0.1,
  /** All slow endpoints together, whosever they are, may hold so many: a slot that one of them takes is gone for seconds. */
  slow: 0.5,
} as const;

/** What one endpoint has of a worker's slots. */
export interface Claim {
  /** Says how many more slots could be used now; `onGrant` is called for each that is given, at once or later. */
  want(count: number): void;
  /** Gives a slot back. @param ms how long a request was under way in it; undefined if there was none */
  release(ms?: number): void;
  /** The end: to be called when all slots have been given back. */
  leave(): void;
}

interface Tenant {
  /** Slot time that it has had (ms), by which turns are weighted: see `createSlots`. */
  time: number;
  held: number;
  claims: Set<Claimant>;
}

interface Claimant {
  tenant: Tenant;
  time: number;
  held: number;
  wanted: number;
  usualMs: number;
  onGrant: () => void;
}

export type Slots = ReturnType<typeof createSlots>;

/**
 * The slots of one worker: how many requests it has under way at a time, shared between tenants and their endpoints.
 *
 * Where there are too few, the next one goes to the tenant that has had the least slot time, and among its endpoints to
 * the one that has had the least: a round robin in which a turn weighs as much as the request takes. So an endpoint that
 * answers after seconds, or has thousands of events waiting, takes nothing from those that answer at once. As a slot
 * cannot be taken back, caps see to it that there are always some for whoever comes with little.
 */
export function createSlots(total: number) {
  const perEndpoint = Math.max(1, Math.floor(total * shares.endpoint));
  const reserve = Math.floor(total * shares.reserve);
  const modest = Math.max(1, Math.floor(total * shares.modest));
  const mostSlow = Math.max(1, Math.floor(total * shares.slow));
  const tenants = new Map<string, Tenant>();
  const waiting = new Set<Claimant>();
  let free = total;
  let slow = 0;
  /** The slot time of whoever was served last. Who comes anew begins there: not having asked saves nothing up. */
  let clock = 0;

  /** Which tenants have come last, and when: the last one, and the last one before that was another. */
  let latest = { tenant: '', at: Number.NEGATIVE_INFINITY };
  let former = latest;

  const isSlow = ({ usualMs }: Claimant) => usualMs > slowMs;
  const mayHave = (claimant: Claimant) =>
    claimant.held < perEndpoint &&
    (free > reserve || claimant.tenant.held < modest) &&
    (slow < mostSlow || !isSlow(claimant));

  /** Whether `a` is before `b`. */
  const isBefore = (a: Claimant, b: Claimant) =>
    a.tenant === b.tenant ? a.time < b.time : a.tenant.time < b.tenant.time;

  const next = (): Claimant | undefined => {
    let first: Claimant | undefined;
    for (const claimant of waiting) {
      if ((first === undefined || isBefore(claimant, first)) && mayHave(claimant)) first = claimant;
    }
    return first;
  };

  const grant = () => {
    while (free > 0 && waiting.size > 0) {
      const claimant = next();
      if (!claimant) return;
      const { tenant } = claimant;
      free -= 1;
      claimant.held += 1;
      tenant.held += 1;
      if (isSlow(claimant)) slow += 1;
      claimant.wanted -= 1;
      if (claimant.wanted === 0) waiting.delete(claimant);
      clock = Math.max(clock, tenant.time);
      claimant.onGrant();
    }
  };

  const slots = {
    /** How many requests one endpoint may have under way here. */
    perEndpoint,

    /** How long ago a tenant other than this one has come (ms). */
    othersAgo(tenant: string): number {
      return performance.now() - (latest.tenant === tenant ? former : latest).at;
    },

    /** Does something in one slot, when there is one. */
    within: async <T>(tenant: string, work: () => Promise<T>): Promise<T> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const claim = slots.join(tenant, resolve);
      claim.want(1);
      await promise;
      const began = performance.now();
      try {
        return await work();
      } finally {
        claim.release(performance.now() - began);
        claim.leave();
      }
    },

    /**
     * An endpoint begins to ask for slots.
     * @param onGrant called for each slot that is given
     */
    join(tenantId: string, onGrant: () => void): Claim {
      if (latest.tenant !== tenantId) former = latest;
      latest = { tenant: tenantId, at: performance.now() };
      let tenant = tenants.get(tenantId);
      if (!tenant) {
        tenant = { time: clock, held: 0, claims: new Set() };
        tenants.set(tenantId, tenant);
      }
      const least = Math.min(...[...tenant.claims].map(({ time }) => time));
      const claimant: Claimant = {
        tenant,
        time: Number.isFinite(least) ? least : 0,
        held: 0,
        wanted: 0,
        usualMs: 0,
        onGrant,
      };
      tenant.claims.add(claimant);
      return {
        want(count) {
          claimant.wanted = count;
          if (count <= 0) {
            waiting.delete(claimant);
            return;
          }
          if (!waiting.has(claimant)) {
            waiting.add(claimant);
            if (claimant.tenant.held === 0) claimant.tenant.time = Math.max(claimant.tenant.time, clock);
          }
          grant();
        },
        release(ms) {
          const wasSlow = isSlow(claimant);
          const slowOnes = wasSlow ? claimant.held : 0;
          free += 1;
          claimant.held -= 1;
          claimant.tenant.held -= 1;
          if (ms !== undefined) {
            const weight = Math.max(1, ms);
            claimant.time += weight;
            claimant.tenant.time += weight;
            claimant.usualMs += (weight - claimant.usualMs) / smoothing;
          }
          slow += (isSlow(claimant) ? claimant.held : 0) - slowOnes;
          grant();
        },
        leave() {
          waiting.delete(claimant);
          claimant.tenant.claims.delete(claimant);
          if (claimant.tenant.claims.size === 0) tenants.delete(tenantId);
        },
      };
    },
  };
  return slots;
}
