/** The forms of the local page: they work without script, and each says in whose session it was made. Pure. */

import type { Words } from '../../words/words.js';
import { AGAIN } from '../form-orders.js';
import { type Html, html } from '../html.js';
import type { Notice } from '../sessions.js';

/** What a page has to know of whoever looks at it. */
export interface Visit {
  /** Whether the door is open to them. */
  readonly isInside: boolean;
  /** '' for whoever has not come in, and for a program with the token, which has the programming interface. */
  readonly formToken: string;
  readonly notice: Notice | null;
  /** In the language of whoever looks. */
  readonly words: Words;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  /** A tick says "true". */
  readonly type?: 'text' | 'password' | 'checkbox' | 'file';
  readonly value?: string;
  readonly hint?: string;
  readonly isRequired?: boolean;
  /** What there is to choose from, as [value, words]. */
  readonly choices?: readonly (readonly [string, string])[];
}

export interface FormParts {
  /** The operation, such as "chan join". */
  readonly order: string;
  /** It brings a file into the browser. */
  readonly isDownload?: boolean;
  /** One of its fields, the last one, is a file of the browser. */
  readonly isUpload?: boolean;
  /** The page that comes next. */
  readonly back: string;
  readonly button: string;
  readonly fields?: readonly Field[];
  /** Values that are not to be typed. */
  readonly fixed?: Readonly<Record<string, string>>;
  readonly isSmall?: boolean;
  /** What it is done to, for those who hear the button without seeing its row. */
  readonly about?: string;
}

export function form(
  { formToken }: Visit,
  { order, isDownload = false, isUpload = false, back, button, fields = [], fixed = {}, isSmall = false, about }: FormParts,
): Html {
  const hidden = Object.entries({ form: formToken, back, ...fixed });
  const kind = isDownload ? 'get' : isUpload ? 'put' : 'do';
  return html`<form method="post"${isUpload ? html` enctype="multipart/form-data"` : ''} action="/${kind}/${order.replaceAll(' ', '/')}"${isSmall ? html` class="small"` : ''}>
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${fields.map(input)}<button${about === undefined ? '' : html` aria-label="${button}: ${about}"`}>${button}</button>
</form>`;
}

/** A secret that is chosen is typed twice. */
export function newSecret({ words }: Visit, name: string, label: string): readonly Field[] {
  const field = { type: 'password', isRequired: true } as const;
  return [
    { ...field, name, label },
    { ...field, name: name + AGAIN, label: words.page.again },
  ];
}

function input({ name, label, type = 'text', value = '', hint = '', isRequired = false, choices }: Field): Html {
  const required = isRequired ? html` required` : '';
  if (type === 'checkbox')
    return html`<label class="tick"><input type="checkbox" name="${name}" value="true"${required}><span>${label}</span></label>\n`;
  if (type === 'file') return html`<label><span>${label}</span><input type="file" name="${name}"${required}></label>\n`;
  const body =
    choices === undefined
      ? html`<input type="${type}" name="${name}" value="${value}" placeholder="${hint}" autocomplete="off" maxlength="1000"${required}>`
      : html`<select name="${name}">${choices.map(([key, words]) => html`<option value="${key}"${key === value ? html` selected` : ''}>${words}</option>`)}</select>`;
  return html`<label><span>${label}</span>${body}</label>\n`;
}
