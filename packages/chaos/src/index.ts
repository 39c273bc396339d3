export { audit, type Evidence, type Findings, findingNames, type WitnessedEvent } from './audit.ts';
export { type Conversation, pairConversations } from './conversation.ts';
export { settledAudit } from './evidence.ts';
export { incarnationOf, instancesOf } from './openness.ts';
export { Stage, type StageOptions } from './stage.ts';
export { Traffic, type TrafficOptions, type TrafficReport } from './traffic.ts';
