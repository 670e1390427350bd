/** Answers of a search that may have to be waited for: no promise is made where none is needed, for messages are many. Pure. */

export type Verdict = boolean | Promise<boolean>;

interface Judge<T> {
  readonly fits: (subject: T) => Verdict;
}

/** Asks one after the other, until one says no. */
export function allFit<T>(judges: readonly Judge<T>[], subject: T): Verdict {
  for (let index = 0; index < judges.length; index++) {
    const verdict = judges[index].fits(subject);
    if (verdict === false) return false;
    if (verdict !== true) return verdict.then((fit) => fit && allFit(judges.slice(index + 1), subject));
  }
  return true;
}

/** Asks one after the other, until one says yes. */
export function anyFits<T>(judges: readonly Judge<T>[], subject: T): Verdict {
  for (let index = 0; index < judges.length; index++) {
    const verdict = judges[index].fits(subject);
    if (verdict === true) return true;
    if (verdict !== false) return either(verdict, () => anyFits(judges.slice(index + 1), subject));
  }
  return false;
}

export function either(first: Verdict, second: () => Verdict): Verdict {
  if (typeof first === 'boolean') return first || second();
  return first.then((fit) => fit || second());
}

export function not(verdict: Verdict): Verdict {
  return typeof verdict === 'boolean' ? !verdict : verdict.then((fit) => !fit);
}
