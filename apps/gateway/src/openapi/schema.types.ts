/** A schema object of OpenAPI 3.0.3, as far as the document uses it. */
export type Schema = {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  enum?: string[];
  default?: unknown;
  nullable?: boolean;
  readOnly?: boolean;
  writeOnly?: boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
};

/** Where a schema stands: an answer, a body that creates or replaces, a body that changes, or a parameter. */
export type Place = 'answer' | 'request' | 'patch' | 'parameter';

/** A parameter object. */
export type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: Schema;
  style?: 'form';
  explode?: boolean;
  allowEmptyValue?: boolean;
};

/** What a body may be, by media type. */
export type Content = Record<string, { schema: Schema }>;

/** A response object. */
export type Answer = {
  description: string;
  content?: Content;
  headers?: Record<string, { schema: Schema }>;
};

/** An operation object. */
export type OperationObject = {
  operationId?: string;
  description: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { content: Content; required?: boolean };
  security?: Record<string, string[]>[];
  responses: Record<string, Answer>;
};

/** An OpenAPI document. */
export type OpenApiDocument = {
  openapi: '3.0.3';
  info: { title: string; version: string; description: string; license?: { name: string } };
  servers?: { url: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema>; securitySchemes?: Record<string, Record<string, string>> };
};
