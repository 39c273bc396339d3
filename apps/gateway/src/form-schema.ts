interface BodySchema {
  properties?: Record<string, { type?: string }>;
  required?: readonly string[];
}

const file = { type: 'string', format: 'binary' } as const;

/** What a form may have in place of a JSON body with files, for the API's description: see `multipartBodies`. */
export function formSchema({ properties = {}, required = [] }: BodySchema) {
  const { media, items, ...texts } = properties;
  return {
    type: 'object',
    properties: {
      ...(media && { file: { ...file, description: 'The file; its field may be called `media`, too' } }),
      ...(items && {
        file: { type: 'array', items: file, description: 'The files in their order, under any names' },
        items: { type: 'string', description: 'What belongs to each of them, as a JSON list in the same order' },
      }),
      ...texts,
      payload: { type: 'string', description: 'A JSON object with any of the fields, in place of fields of their own' },
    },
    required: required.includes('media') || required.includes('items') ? ['file'] : [],
    description: 'Numbers, booleans, lists and objects are written as JSON',
  };
}
