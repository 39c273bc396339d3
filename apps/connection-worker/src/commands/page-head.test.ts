import { describe, expect, it } from 'vitest';
import { readPageHead } from './page-head.ts';

describe('the head of a page', () => {
  it('is what Open Graph says, in any order and with any quotes', () => {
    expect(
      readPageHead(`<title>Plain</title>
        <META CONTENT='Tea &amp; &#66;iscuits&#x21;' PROPERTY='og:title'/>
        <meta property=og:image content=/cup.jpg >
        <meta name="description" content="plain"><meta property="og:description" content="All
          about&nbsp;tea">`),
    ).toEqual({ title: 'Tea & Biscuits!', description: 'All about tea', image: '/cup.jpg' });
  });

  it('is what HTML itself has, without Open Graph', () => {
    expect(readPageHead('<title lang="en">\n Plain </title><meta name="description" content="words">')).toEqual({
      title: 'Plain',
      description: 'words',
      image: undefined,
    });
  });

  it('is nothing if the page has none, and takes no time over what is made to take it', () => {
    expect(readPageHead('<p>no head')).toEqual({ title: undefined, description: undefined, image: undefined });
    const began = performance.now();
    readPageHead(`${'<meta '.repeat(80_000)}${'<title'.repeat(20_000)}`);
    readPageHead(`<meta ${' property'.repeat(400)} content=>`.repeat(140));
    readPageHead(`<title>${'&'.repeat(500_000)}`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
