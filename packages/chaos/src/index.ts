export { type Conversation, pairConversations } from './conversation.ts';
export { type PerformanceReport, perform } from './performance.ts';
export type { Scenario, Scope, Step } from './scenario.ts';
export { killStep } from './scenarios/kill.ts';
export { rolling } from './scenarios/rolling.ts';
export { scaleStep } from './scenarios/scale.ts';
export { Stage } from './stage.ts';
export { tableOf } from './table.ts';
