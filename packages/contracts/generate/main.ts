import { writeFileSync } from 'node:fs';
import { eventPage } from './event-page.ts';

writeFileSync(new URL('../../../docs/event-schemas.md', import.meta.url), eventPage());
