/** Everything that is measured, in the order of the table. What is in `found` comes from the audit. */
export const figures = {
  accepted: 'sends accepted',
  'offered per second': 'sends that were due, whether or not the one before was answered',
  'accepted per second': '',
  'requests refused': 'that needed another try',
  'longest refusal (s)': 'from the first try that was refused to the one that was accepted',
  'answered with 500': 'tries for which the gateway had no better answer',
  unanswered: 'sends given up without an answer: they may have been shown or not',
  lost: 'accepted and never shown',
  duplicated: 'shown more than once',
  'out of order': 'shown before one that was accepted earlier',
  strange: 'shown, but never sent',
  inbound: 'messages that contacts wrote',
  'inbound lost': 'without an event in the log',
  'inbound duplicated': 'with more than one event in the log',
  'inbound out of order': 'whose event came before that of an earlier message',
  unreadable: 'whose last event says that it could not be decrypted',
  'log gaps': 'sequences missing in the log, or there twice, as live streams show it',
  undelivered: 'events of the log that the receiver never got',
  'unstable ids': 'events that the receiver got under two ids, or with two contents',
  'deliveries out of order': 'whose first delivery came before that of an earlier event of the instance',
  conflicts: 'logins that pushed out an older connection',
  overlaps: 'of which both sent afterwards',
  're-pairings': 'numbers that were linked again, asked for it, or were logged out',
  'undecryptable at first': 'decryptions that failed at contacts',
  'second decryptions': 'messages that contacts got twice under one id',
  'retry receipts': 'requests to encrypt again, both ways',
  'takeover (s)': 'until every instance was open, held by a worker that lives',
  'recovery (s)': 'the same, from the end of the fault',
  'settling (s)': 'until everything had arrived, after the last step and the last message',
  'gap (s)': 'longest time that a number was not logged in',
  'logins in a second': 'most that were tried within a second, by the whole fleet',
  'silence noticed (s)': 'until every number had logged in anew after the server had fallen silent',
  'fair share (s)': 'until a new worker held its share',
  'stopping (s)': 'longest time from SIGTERM to the end of a process',
  zombies: 'processes that went on with an incarnation that was declared dead',
  'steps failed': 'that could not be performed, or saw something that they do not allow',
} as const;

export type FigureName = keyof typeof figures;
export type Figures = Partial<Record<FigureName, number>>;

/** What holds whatever happens. */
export const promises = {
  lost: 0,
  duplicated: 0,
  'out of order': 0,
  strange: 0,
  'inbound lost': 0,
  'inbound duplicated': 0,
  'inbound out of order': 0,
  unreadable: 0,
  'log gaps': 0,
  undelivered: 0,
  'unstable ids': 0,
  'deliveries out of order': 0,
  overlaps: 0,
  're-pairings': 0,
  'answered with 500': 0,
  unanswered: 0,
  'steps failed': 0,
} as const satisfies Figures;

/** A figure that is larger than it may be. */
export interface Breach {
  figure: FigureName;
  value: number;
  bound: number;
}

/** The figures that are larger than their bounds. A figure that was not measured breaks nothing. */
export function breaches(measured: Figures, bounds: Figures): Breach[] {
  return (Object.keys(figures) as FigureName[]).flatMap((figure) => {
    const value = measured[figure];
    const bound = bounds[figure];
    return value !== undefined && bound !== undefined && value > bound ? [{ figure, value, bound }] : [];
  });
}
