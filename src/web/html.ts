/** HTML as a template in which every value is escaped, unless it is HTML already. Pure. */

export interface Html {
  readonly html: string;
}

export type HtmlValue = string | number | Html | readonly HtmlValue[];

export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: parts.map((part, i) => part + (i < values.length ? render(values[i]) : '')).join('') };
}

/** A sentence in which what stands between backticks is typed or shown as it is. */
export function marked(text: string): Html {
  return html`${text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function render(value: HtmlValue): string {
  if (typeof value === 'object') return 'html' in value ? value.html : value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
