import { describe, expect, it } from 'vitest';
import { audit, type Evidence, type FindingName, findingNames, stillMissing, type WitnessedEvent } from './audit.ts';

const instance = 'ins_a';
const sends = ['one', 'two', 'three'].map((text) => ({ text, outcome: 'accepted' as const }));
const inbound = ['M1', 'M2', 'M3'];

/** The event with this number; of an incoming message if one is named. */
const event = (sequence: number, message?: string, rest: Partial<WitnessedEvent> = {}): WitnessedEvent => ({
  id: `evt_${sequence}`,
  type: message ? 'messages.upsert' : 'messages.update',
  instance,
  sequence,
  ...(message && { message: { id: message, readable: true } }),
  ...rest,
});

const log = [event(1), event(2, 'M1'), event(3, 'M2'), event(4), event(5, 'M3')];
const deliveries = log.map((each) => ({ ...each, body: each.id }));

/** A fleet that has kept its promises, but for what is given. */
const evidence = ({
  exchange = {},
  ...rest
}: Partial<Omit<Evidence, 'exchanges'>> & { exchange?: Partial<Evidence['exchanges'][number]> } = {}): Evidence => ({
  exchanges: [{ instance, sends, shown: ['one', 'two', 'three'], inbound, ...exchange }],
  log,
  deliveries,
  ...rest,
});

/** What is found, without what is not. */
const found = (given: Evidence, options = {}): Partial<Record<FindingName, string[]>> => {
  const findings = audit(given, options);
  return Object.fromEntries(
    findingNames.filter((name) => findings[name].length > 0).map((name) => [name, findings[name]]),
  );
};

describe('an audit', () => {
  it('finds nothing where everything is shown once, in order, and told once', () => {
    expect(found(evidence())).toEqual({});
    expect(stillMissing(audit(evidence()))).toEqual([]);
    expect(stillMissing(audit(evidence({ exchange: { shown: ['one'] } })))).toEqual(['2 lost (ins_a: two)']);
  });

  it.each<[string, Evidence, Partial<Record<FindingName, string[]>>]>([
    ['a lost text', evidence({ exchange: { shown: ['one', 'three'] } }), { lost: ['ins_a: two'] }],
    [
      'a doubled text',
      evidence({ exchange: { shown: ['one', 'two', 'two', 'three'] } }),
      { duplicated: ['ins_a: two'] },
    ],
    [
      'a text that comes again after others',
      evidence({ exchange: { shown: ['one', 'two', 'three', 'one'] } }),
      { duplicated: ['ins_a: one'] },
    ],
    [
      'two texts that were swapped',
      evidence({ exchange: { shown: ['two', 'one', 'three'] } }),
      { 'out of order': ['ins_a: one after two'] },
    ],
    [
      'a text that nobody sent',
      evidence({ exchange: { shown: ['one', 'two', 'three', 'four'] } }),
      { strange: ['ins_a: four'] },
    ],
    [
      'a message without an event',
      evidence({ exchange: { inbound: [...inbound, 'M4'] } }),
      { 'inbound lost': ['ins_a: M4'] },
    ],
    [
      'a message with two events',
      evidence({ log: [...log, event(6, 'M3')], deliveries: [...deliveries, { ...event(6, 'M3'), body: 'evt_6' }] }),
      { 'inbound duplicated': ['ins_a: M3 in evt_5, evt_6'] },
    ],
    [
      'messages whose events were swapped',
      evidence({ exchange: { inbound: ['M2', 'M1', 'M3'] } }),
      { 'inbound out of order': ['ins_a: M2 after M1'] },
    ],
    [
      'a message that stays unreadable',
      evidence({
        log: log.map((each) =>
          each.sequence === 5 ? event(5, 'M3', { message: { id: 'M3', readable: false } }) : each,
        ),
      }),
      { unreadable: ['ins_a: M3'] },
    ],
    [
      'a gap in the log',
      evidence({
        log: log.filter(({ sequence }) => sequence !== 4),
        deliveries: deliveries.filter(({ sequence }) => sequence !== 4),
      }),
      { 'log gaps': ['ins_a: 4 to 4'] },
    ],
    [
      'a gap at the beginning of the log',
      evidence({ log: log.slice(1), deliveries: deliveries.slice(1) }),
      { 'log gaps': ['ins_a: 1 to 1'] },
    ],
    [
      'an event that the stream shows again',
      evidence({ log: [...log, event(5, 'M3')] }),
      { 'log gaps': ['ins_a: 5 again'] },
    ],
    [
      'an event that the receiver never got',
      evidence({ deliveries: deliveries.slice(0, 4) }),
      { undelivered: ['evt_5'] },
    ],
    [
      'an event that is delivered under another id',
      evidence({ deliveries: [...deliveries, { ...event(5, 'M3'), id: 'evt_x', body: 'evt_x' }] }),
      { 'unstable ids': ['ins_a: 5 as evt_5 and evt_x'] },
    ],
    [
      'an event that is delivered with another content',
      evidence({ deliveries: [...deliveries, { ...event(5, 'M3'), body: 'else' }] }),
      { 'unstable ids': ['evt_5: another content'] },
    ],
    [
      'deliveries that were swapped',
      evidence({ deliveries: [1, 0, 2, 3, 4].flatMap((index) => deliveries[index] ?? []) }),
      { 'deliveries out of order': ['evt_1 after 2'] },
    ],
    [
      'a number that asks for a phone again',
      evidence({
        log: [...log, event(6, undefined, { type: 'qrcode.updated', unpaired: true })],
        deliveries: [...deliveries, { ...event(6), body: 'evt_6' }],
      }),
      { 're-pairings': ['evt_6: qrcode.updated'] },
    ],
  ])('finds %s', (_what, given, expected) => {
    expect(found(given)).toEqual(expected);
  });

  it('forgives what may be: a second delivery, a request without an answer, an unreadable message that came later', () => {
    const unanswered = [...sends, { text: 'four', outcome: 'unanswered' as const }];
    expect(found(evidence({ deliveries: [...deliveries, ...deliveries.slice(3)] }))).toEqual({});
    expect(found(evidence({ exchange: { sends: unanswered } }))).toEqual({});
    expect(found(evidence({ exchange: { sends: unanswered, shown: ['one', 'two', 'three', 'four'] } }))).toEqual({});
    const late = [
      ...log.slice(0, 2),
      event(3, 'M2', { message: { id: 'M2', readable: false } }),
      event(4, 'M2'),
      event(5, 'M3'),
    ];
    expect(found(evidence({ log: late }))).toEqual({});
  });

  it('forgets the code of the first pairing, and none after it', () => {
    const codes = [1, 4].map((sequence) => event(sequence, undefined, { type: 'qrcode.updated', unpaired: true }));
    const told = log.map((each) => codes.find(({ sequence }) => sequence === each.sequence) ?? each);
    expect(found(evidence({ log: told }), { pairedAt: new Map([[instance, 2]]) })).toEqual({
      're-pairings': ['evt_4: qrcode.updated'],
    });
  });
});
