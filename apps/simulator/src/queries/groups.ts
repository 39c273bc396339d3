import { node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `w:g2`: groups. Nobody is in one yet. */
export const answerGroups: QueryHandler = ({ action }) => {
  if (action === 'get participating') return [node('groups')];
  throw notImplemented();
};
