import { createAddressPolicy } from '@flotilla/safe-fetch';
import { describe, expect, it } from 'vitest';
import { createWebhookUrlCheck } from './webhook-urls.ts';

const check = (isProduction: boolean, cidrs: string[] = []) =>
  createWebhookUrlCheck({ addresses: createAddressPolicy(cidrs), allowsInside: cidrs.length > 0, isProduction });

describe('the URL of a webhook', () => {
  it.each([
    ['http://example.com/hook', [], /https/],
    ['http://8.8.8.8/hook', ['10.0.0.0/8'], /https/],
    ['http://10.1.2.3/hook', ['10.0.0.0/8'], undefined],
    ['http://n8n:5678/hook', ['10.0.0.0/8'], undefined],
    ['http://n8n.internal:5678/hook', ['10.0.0.0/8'], undefined],
    ['http://n8n:5678/hook', [], /https/],
    ['https://example.com/hook', [], undefined],
    ['https://user:pass@example.com/', [], /user name/],
    ['https://example.com/#here', [], /fragment/],
    ['https://example.com:25/', [], /port/],
    ['http://10.1.2.3/hook', ['192.168.0.0/16'], /./],
  ] as const)('%s where %j is allowed: %s', (url, cidrs, reason) => {
    const objection = check(true, [...cidrs])(url);
    if (reason === undefined) expect(objection).toBeUndefined();
    else expect(objection).toMatch(reason);
  });

  it('may be plain http while somebody develops', () => {
    expect(check(false)('http://example.com/hook')).toBeUndefined();
  });
});
