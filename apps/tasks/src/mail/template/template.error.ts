/** A template that cannot be used, and where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** Name of the template. */
  readonly template: string;
  /** Line of the template, counted from 1; undefined where the template as a whole is at fault. */
  readonly line: number | undefined;

  constructor(template: string, message: string, line?: number) {
    super(line === undefined ? `${template}: ${message}` : `${template}, line ${line}: ${message}`);
    this.template = template;
    this.line = line;
  }
}
