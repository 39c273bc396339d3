import { test } from 'vitest';
import { repairCurve, repairLibsignal } from '../src/index.ts';
import { testBed } from './bed.ts';
import { busyChat } from './busy-chat.ts';

repairLibsignal();
repairCurve();

const bed = testBed();

test(
  'a busy chat with a slow store is readable on both sides after a reconnect',
  () => busyChat(bed, { fresh: false }),
  90_000,
);
