/** The doctor's findings as an answer. */

import type { Words } from '../../words/words.js';
import type { Answer } from '../operation.js';
import { table } from '../table.js';
import type { Finding } from './finding.js';

/** @param isShared leaves out what only the owner is to read */
export function report(findings: readonly Finding[], isShared: boolean, words: Words): Answer {
  const { doctor } = words;
  const shown = findings.map(({ detail, text, ...rest }) => ({
    ...rest,
    text: text(words),
    ...(isShared || detail === undefined ? {} : { detail: typeof detail === 'string' ? detail : detail(words) }),
  }));
  const rows = shown.map((finding) => [
    doctor.verdicts[finding.verdict],
    doctor.subjects[finding.about],
    finding.detail === undefined ? finding.text : `${finding.text} (${finding.detail})`,
  ]);
  const platform = doctor.platform(process.versions.node, `${process.platform} ${process.arch}`);
  return {
    value: { well: findings.every(({ verdict }) => verdict !== 'fail'), platform, findings: shown },
    text: `${platform}\n${table(rows)}`,
  };
}
