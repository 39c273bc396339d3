import { describe, expect, it } from 'vitest';
import { readPhone, readRecipient } from './recipient.ts';

describe('recipients', () => {
  it.each([
    ['+1 415 555 0123', '14155550123@s.whatsapp.net'],
    ['14155550123', '14155550123@s.whatsapp.net'],
    ['(+1) 415-555-0123', '14155550123@s.whatsapp.net'],
    ['+1 (415) 555.0123', '14155550123@s.whatsapp.net'],
    ['  0049 170 1234567 ', '491701234567@s.whatsapp.net'],
    ['+49-170/1234567', '491701234567@s.whatsapp.net'],
    ['+44 (0)20 7946 0958', '442079460958@s.whatsapp.net'],
    ['+1 415–555–0123', '14155550123@s.whatsapp.net'],
    ['＋１ ４１５ ５５５ ０１２３', '14155550123@s.whatsapp.net'],
    ['+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧', '966501234567@s.whatsapp.net'],
    ['+39 06 698 12345', '390669812345@s.whatsapp.net'],
    ['5511987654321', '5511987654321@s.whatsapp.net'],
    ['551187654321', '551187654321@s.whatsapp.net'],
    ['+52 1 55 1234 5678', '5215512345678@s.whatsapp.net'],
    ['+52 55 1234 5678', '525512345678@s.whatsapp.net'],
    ['+54 9 11 2345 6789', '5491123456789@s.whatsapp.net'],
    ['14155550123@s.whatsapp.net', '14155550123@s.whatsapp.net'],
    ['14155550123:12@s.whatsapp.net', '14155550123@s.whatsapp.net'],
    ['14155550123@c.us', '14155550123@s.whatsapp.net'],
    ['123456789012345@lid', '123456789012345@lid'],
    ['123456789012345:3@lid', '123456789012345@lid'],
    ['120363012345678901@g.us', '120363012345678901@g.us'],
    ['14155550123-1612345678@g.us', '14155550123-1612345678@g.us'],
  ])('reads %s', (text, jid) => {
    expect(readRecipient(text)).toEqual({ jid });
  });

  it.each([
    ['+1 800 FLOWERS', /letters/],
    ['bob', /letters/],
    ['+491', /too short/],
    ['12', /too short|not a phone number/],
    ['+1 415 555 0123 4567', /too long/],
    ['99999999999999999999999', /too long|country code/],
    ['0170 1234567', /country code/],
    ['(0)170 1234567', /country code/],
    ['+999 123 4567', /country code/],
    ['   ', /not a phone number/],
    ['+', /not a phone number/],
    ['#31#', /not a phone number/],
    ['++1 415 555 0123', /not a phone number/],
    ['+1 415 555 0123;ext=4', /letters/],
    ['+1 415 555 0123 # 4', /not a phone number/],
    ['14155550123@example.com', /cannot be written to/],
    ['status@broadcast', /cannot be written to/],
    ['120363012345678901@newsletter', /cannot be written to/],
    ['@s.whatsapp.net', /digits/],
    ['bob@s.whatsapp.net', /digits/],
    ['014155550123@s.whatsapp.net', /digits/],
    ['1@2@s.whatsapp.net', /cannot be written to/],
  ])('refuses %s with a reason', (text, reason) => {
    const recipient = readRecipient(text);
    expect(recipient).toHaveProperty('reason');
    expect('reason' in recipient ? recipient.reason : '').toMatch(reason);
  });

  it('gives phone numbers to pair in digits', () => {
    expect(readPhone('+49 170 1234567')).toEqual({ digits: '491701234567' });
  });
});
