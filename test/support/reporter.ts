/** Mocha's "spec" report, closed by the one line that a script can read: N passed, N failed, N skipped. */
import Mocha from 'mocha';

/** The closing line of a run that belongs to this one, and was made before by another Node.js: .ci/run. */
const EARLIER = 'TESTED_BEFORE';

export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      process.once('exit', () => {
        const { passes = 0, failures = 0, pending = 0 } = this.stats ?? {};
        process.stdout.write(`${closingLine([passes, failures, pending], process.env[EARLIER])}\n`);
      });
    });
  }
}

/** Passed, failed and skipped, together with those of an earlier line. */
export function closingLine(counts: readonly [number, number, number], earlier = ''): string {
  const [, ...before] = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(earlier.trim()) ?? [];
  const [passed, failed, skipped] = counts.map((count, i) => count + Number(before[i] ?? 0));
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
