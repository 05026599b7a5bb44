/** TypeScript of the OpenAPI document: the types of the dashboard, so that it cannot know what the API does not say. */

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Which part of which operation a type is made of. */
export interface TypeSource {
  readonly name: string;
  readonly operation: `${"get" | "post" | "put" | "patch"} ${string}`;
  /** A status, or the body that is sent. */
  readonly of: "body" | number;
  /** Of a list: its elements. */
  readonly isElement?: boolean;
}

/** The file's text after its first sentence. */
export function typesOf(document: OpenApi, sources: readonly TypeSource[]): string {
  return sources
    .map((source) => {
      const schema = schemaOf(document, source);
      const type = typeOf(source.isElement === true ? (schema.items ?? {}) : schema, "");
      return `/** ${source.operation.replace(/^\w+/, (method) => method.toUpperCase())}, ${source.of}. */\nexport type ${source.name} = ${type};\n`;
    })
    .join("\n");
}

function schemaOf(document: OpenApi, { name, operation, of }: TypeSource): Schema {
  const [method = "", path = ""] = operation.split(" ");
  const found = document.paths[path]?.[method];
  const content = of === "body" ? found?.requestBody?.content : found?.responses[of]?.content;
  const schema = content?.["application/json"]?.schema;
  if (schema === undefined) throw new Error(`${name}: the document has no ${operation} with ${of}`);
  return schema;
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map((each) => typeOf(each, indent)))].join(" | ");
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `readonly (${typeOf(schema.items ?? {}, indent)})[]`;
    case "object":
      return objectOf(schema, indent);
    default:
      return "unknown";
  }
}

function objectOf(schema: Schema, indent: string): string {
  if (schema.properties === undefined) return "Readonly<Record<string, unknown>>";
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const isRequired = schema.required?.includes(name) === true;
    return `${inner}readonly ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${isRequired ? "" : "?"}: ${typeOf(property, inner)};\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}
