import { expect, test } from 'vitest';
import { median, quantile, shown, withSpread } from './statistics.ts';

test('the median of an even count lies between the two in the middle', () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBe(0);
});

test('a quantile is one of the numbers', () => {
  const numbers = Array.from({ length: 100 }, (_, n) => 100 - n);
  expect(quantile(numbers, 0.5)).toBe(51);
  expect(quantile(numbers, 0.99)).toBe(100);
  expect(quantile(numbers, 1)).toBe(100);
});

test('numbers are shown with three digits that count', () => {
  expect(shown(0.123456)).toBe('0.123');
  expect(shown(123.456)).toBe('123');
  expect(shown(12_345.6)).toBe('12,346');
  expect(withSpread([1.234, 1.1, 3])).toBe('1.23 (1.1 to 3)');
});
