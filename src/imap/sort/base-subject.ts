/** The subject without what answering and forwarding put around it, RFC 5256 §2.1. Pure, takes any text. */

export interface BaseSubject {
  readonly text: string;
  /** Something that marks an answer or a forwarded message was taken away. */
  readonly isReply: boolean;
}

/** What most subjects do not have is looked for first: this is asked of every message of a folder. */
const UNTIDY = /\s\s|[^\S ]/;
const MAY_LEAD = /^[[rf]/i;
const BLOBS = /^(?:\[[^[\]]*\]\s*)+/;
const LEADER = /^(?:\[[^[\]]*\]\s*)*(?:re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:/i;
const TRAILER = '(fwd)';
const [FORWARDED, FORWARDED_END] = ['[fwd:', ']'];

/**
 * In time that grows with the length: whoever sends may send anything.
 *
 * @param subject decoded
 */
export function baseSubject(subject: string): BaseSubject {
  let text = (UNTIDY.test(subject) ? subject.replace(/\s+/g, ' ') : subject).trim();
  let isReply = false;
  for (;;) {
    while (text.endsWith(')') && text.slice(-TRAILER.length).toLowerCase() === TRAILER) {
      text = text.slice(0, -TRAILER.length).trimEnd();
      isReply = true;
    }
    for (let leader = leaderOf(text); leader !== null; leader = leaderOf(text)) {
      text = text.slice(leader.length).trimStart();
      isReply = true;
    }
    text = withoutBlobs(text);
    const isForwarded = text.endsWith(FORWARDED_END) && text.slice(0, FORWARDED.length).toLowerCase() === FORWARDED;
    if (!isForwarded) return { text, isReply };
    text = text.slice(FORWARDED.length, -FORWARDED_END.length).trim();
    isReply = true;
  }
}

function leaderOf(text: string): string | null {
  return MAY_LEAD.test(text) ? (LEADER.exec(text)?.[0] ?? null) : null;
}

/** Without the "[blob]"s that it begins with; what is nothing but blobs keeps the last. No leader comes after them: it would have taken them along. */
function withoutBlobs(text: string): string {
  if (!text.startsWith('[')) return text;
  const [blobs = ''] = BLOBS.exec(text) ?? [];
  return text.slice(blobs.length < text.length ? blobs.length : text.lastIndexOf('['));
}
