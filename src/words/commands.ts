/** Commands as whoever reads can type them: sentences name them "postern …", and in a clone that is found by npx alone. Pure. */

/** What stands before a command in sentences (“"”, “„”, a backtick) and on pages (the same escaped, `<code>`, `<pre>`). */
const COMMAND = /(["„`]|&#34;|<code>|<pre>)postern(?= [a-z])/g;

/** @param command how this user calls the command line: "postern", or "npx postern" in a clone */
export function asTyped(text: string, command: string): string {
  return text.replace(COMMAND, (_, before: string) => before + command);
}

/** npm puts its programs on no path but its own. @param environment that of a process */
export function commandName({ npm_lifecycle_event: event, npm_command: command }: Readonly<Record<string, string | undefined>>): string {
  return event === 'start' || command === 'exec' ? 'npx postern' : 'postern';
}
