import { trust } from '../privacy-token.ts';
import { child, children, node } from '../wire/node.ts';
import { notImplemented, type QueryHandler } from './query.ts';

/** `privacy`: who may see what, and the tokens by which accounts trust each other. */
export const answerPrivacy: QueryHandler = ({ network, device, iq, wanted, action }) => {
  const { account } = device;
  switch (action) {
    case 'get privacy':
      return [
        node(
          'privacy',
          {},
          [...account.privacy].map(([name, value]) => node('category', { name, value })),
        ),
      ];
    case 'set privacy':
      for (const { attrs } of children(wanted)) if (attrs.name) account.privacy.set(attrs.name, attrs.value ?? '');
      return [node('privacy', {}, children(wanted))];
    case 'set tokens':
      for (const { attrs } of children(child(iq, 'tokens'))) {
        const target = network.resolve(attrs.jid)?.account;
        if (target) trust(account, target);
      }
      return undefined;
    default:
      throw notImplemented();
  }
};
