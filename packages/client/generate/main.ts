import { mkdirSync, writeFileSync } from 'node:fs';
import { apiTypes } from './api-types.ts';
import { describeApi } from './description.ts';

const target = new URL('../src/generated/api.ts', import.meta.url);
mkdirSync(new URL('.', target), { recursive: true });
writeFileSync(target, await apiTypes(await describeApi()));
