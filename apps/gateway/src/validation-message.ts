import type { FastifySchemaValidationError } from 'fastify';

/** What people call the parts of a request. */
const parts: Record<string, string> = { querystring: 'query', params: 'path' };

const list = (values: unknown) => (Array.isArray(values) ? values.map(String) : [String(values)]);

/** What is wrong with one value, and so what would be right. */
function complaint({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'type':
      return `must be ${article(list(params.type).join(' or '))}`;
    case 'enum':
      return `must be one of ${list(params.allowedValues).join(', ')}`;
    case 'minLength':
      return Number(params.limit) === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`;
    case 'maxLength':
      return `must have at most ${params.limit} characters`;
    case 'minItems':
      return `must have at least ${params.limit} ${Number(params.limit) === 1 ? 'entry' : 'entries'}`;
    case 'maxItems':
      return `must have at most ${params.limit} entries`;
    case 'minProperties':
      return `must have at least ${params.limit} ${Number(params.limit) === 1 ? 'field' : 'fields'}`;
    case 'minimum':
      return `must be ${params.limit} or more`;
    case 'maximum':
      return `must be ${params.limit} or less`;
    case 'uniqueItems':
      return 'must not have the same entry twice';
    default:
      return message ?? 'is not accepted';
  }
}

const article = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/**
 * One sentence for the first thing that is wrong, with the field and the cure, such as `body/to: must be a string`.
 * The value itself is never in it.
 * @param findings of the validator
 * @param context the part of the request: body, querystring, params or headers
 */
export function validationMessage(findings: readonly FastifySchemaValidationError[], context = 'body'): string {
  const part = parts[context] ?? context;
  // For an unknown field TypeBox complains twice: that its schema is `false`, and that it is unknown.
  const first = findings.find(({ keyword }) => keyword !== 'boolean') ?? findings[0];
  if (!first) return `${part}: is not accepted`;
  const at = (field?: string) => `${part}${first.instancePath}${field === undefined ? '' : `/${field}`}`;
  if (first.keyword === 'required') return `${at(list(first.params.requiredProperties)[0])}: is missing`;
  if (first.keyword === 'additionalProperties')
    return `${at(list(first.params.additionalProperties)[0])}: is not a known field`;
  return `${at()}: ${complaint(first)}`;
}
