/** How long a renewal is good for unless a lease says otherwise (ms, Redis' clock). */
export const leaseTtlMs = 12_000;
