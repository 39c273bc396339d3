import Type from 'typebox';

/** What has become of the file of a message. */
export const mediaStates = {
  pending: 'Being fetched, or waits for the next try',
  stored: 'Stored: fetch it by its id',
  failed: 'Given up after several tries; ask for it again with POST …/messages/{id}/media',
  skipped: 'Not fetched: switched off for this instance, or larger than the limit',
} as const;
export type MediaStateName = keyof typeof mediaStates;

export const MediaState = Type.Enum(Object.keys(mediaStates) as MediaStateName[], {
  description: Object.entries(mediaStates)
    .map(([state, meaning]) => `\`${state}\`: ${meaning}`)
    .join('. '),
});
