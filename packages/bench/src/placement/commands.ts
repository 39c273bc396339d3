/** What one operation costs Redis. */
export interface CommandCost {
  /** As Redis counts them: those that a script calls included. */
  commands: number;
  /** Processor time of Redis for it, reading and answering included (µs). */
  microseconds: number;
}

/** What workers ask of Redis to stay alive, to find each other and to place instances. */
export const operations = {
  register: 'a worker registers',
  renew: 'a lease is renewed',
  'tell-fleet': 'the list of workers learns of it',
  'silent-workers': 'a reaper looks for silent workers',
  'read-lease': 'a lease is read, with the clock',
  'declare-dead': 'a worker is declared dead',
  'begin-takeover': 'a reaper asks whether another one is at it',
  'held-by': 'what a dead worker held is read',
  'forget-worker': 'a dead worker is taken off the list',
  'request-owner': 'an owner is asked for, in the connect queue',
  'serve-request': 'a worker takes such a job and ends it',
  'read-instance': 'record and owner are read',
  'mark-held': 'a worker notes what it is about to claim',
  claim: 'an instance is claimed',
  release: 'an instance is released',
  'unmark-held': 'it is taken off the list of its worker',
  'take-up': 'a new owner takes up what the last one left',
  'sample-peers': 'some workers are chosen by chance',
  'peer-load': 'the load of one is read, of a dozen in one go',
  wake: 'an instance is put on a wake list, and read from it',
  'hand-out': 'its share is put on the wake list of a survivor, and read from it',
  'read-owner': 'an owner is read',
  'read-owners': 'an owner is read, of hundreds in one go',
  'take-login': 'a place in the order of logins',
  login: 'what a login reads and stores',
  'idle-second': 'queue, wake list, sweep and clock of an idle worker, for a second',
} as const;

export type Operation = keyof typeof operations;
export type CommandCosts = Record<Operation, CommandCost>;

/**
 * What `measureCommands` found on two cores of a shared virtual machine (AMD EPYC, Redis 7.0, Node 24): for runs that have to be the
 * same each time.
 */
export const costsMeasuredOnce: CommandCosts = {
  register: { commands: 4, microseconds: 28.3 },
  renew: { commands: 4, microseconds: 20.2 },
  'tell-fleet': { commands: 1, microseconds: 10.5 },
  'silent-workers': { commands: 1, microseconds: 9.5 },
  'read-lease': { commands: 3, microseconds: 20.4 },
  'sample-peers': { commands: 1, microseconds: 15.2 },
  'peer-load': { commands: 1, microseconds: 2.5 },
  'read-instance': { commands: 2, microseconds: 13.1 },
  'mark-held': { commands: 3, microseconds: 14.2 },
  claim: { commands: 4, microseconds: 19.7 },
  'read-owner': { commands: 1, microseconds: 10.3 },
  'take-up': { commands: 13, microseconds: 63.1 },
  'take-login': { commands: 5, microseconds: 17.9 },
  login: { commands: 14, microseconds: 83 },
  'unmark-held': { commands: 1, microseconds: 9.1 },
  release: { commands: 3, microseconds: 15.3 },
  wake: { commands: 2, microseconds: 20.4 },
  'hand-out': { commands: 3, microseconds: 25.6 },
  'read-owners': { commands: 1, microseconds: 2 },
  'declare-dead': { commands: 4, microseconds: 15.8 },
  'begin-takeover': { commands: 4, microseconds: 17.6 },
  'held-by': { commands: 1, microseconds: 68 },
  'forget-worker': { commands: 2, microseconds: 26.9 },
  'request-owner': { commands: 9.1, microseconds: 45.6 },
  'serve-request': { commands: 28.9, microseconds: 81.1 },
  'idle-second': { commands: 0.8, microseconds: 8.4 },
};
