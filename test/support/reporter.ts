/** Mocha's "spec" report, closed by the one line that a script can read: N passed, N failed, N skipped. */
import Mocha from 'mocha';

export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      process.once('exit', () => {
        const { passes = 0, failures = 0, pending = 0 } = this.stats ?? {};
        process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
      });
    });
  }
}
