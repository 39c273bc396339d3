import { businessChange, businessNode } from '../business.ts';
import { children, node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `w:biz`: what businesses tell about themselves. Who is no business has an empty answer. */
export const answerBusiness: QueryHandler = ({ network, device, wanted, action }) => {
  switch (action) {
    case 'get business_profile': {
      const profiles = children(wanted).flatMap(({ attrs }) => {
        const business = network.resolve(attrs.jid)?.account.business;
        return business && attrs.jid ? [businessNode(attrs.jid, business)] : [];
      });
      return [node('business_profile', {}, profiles)];
    }
    case 'set business_profile':
      device.account.business = { ...device.account.business, ...(wanted && businessChange(wanted)) };
      return undefined;
    default:
      throw notImplemented();
  }
};
