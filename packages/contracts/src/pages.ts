import Type, { type Static, type TSchema } from 'typebox';
import { type ErrorCode, errors } from './errors.ts';

/** What every list takes. */
export const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many entries at most' }),
    ),
    cursor: Type.Optional(Type.String({ maxLength: 200, description: '`nextCursor` of the page before' })),
  },
  { additionalProperties: false },
);
export type PageQuery = Static<typeof PageQuery>;

/** A page of a list. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Optional(Type.String({ description: 'Absent on the last page' })),
  });

/** What every error answers. */
export const ErrorBody = Type.Object(
  {
    statusCode: Type.Integer(),
    code: Type.Enum(Object.keys(errors) as ErrorCode[], { description: 'Stays the same; decide by this' }),
    error: Type.String({ description: "The status' name" }),
    message: Type.String({ description: 'For people; may change' }),
  },
  { $id: 'Error' },
);
