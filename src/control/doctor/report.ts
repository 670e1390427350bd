/** The doctor's findings as an answer. */
import type { Answer } from '../operation.js';
import { table } from '../table.js';
import type { Finding } from './finding.js';

/** @param isShared leaves out what only the owner is to read */
export function report(findings: readonly Finding[], isShared: boolean): Answer {
  const shown = findings.map(({ detail, ...rest }) => (isShared || detail === undefined ? rest : { ...rest, detail }));
  const rows = shown.map((finding) => [
    finding.verdict,
    finding.about,
    'detail' in finding ? `${finding.text} (${finding.detail})` : finding.text,
  ]);
  const platform = `Node.js ${process.versions.node} on ${process.platform} ${process.arch}`;
  return {
    value: { well: findings.every(({ verdict }) => verdict !== 'fail'), platform, findings: shown },
    text: `${platform}\n${table(rows)}`,
  };
}
