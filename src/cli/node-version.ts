/** Which Node.js this needs. Pure, and in words that every Node.js with modules reads. */

/** As package.json says it to npm, which only warns. */
export const LEAST_NODE = [20, 19];

/** A sentence, or undefined when the version will do. @param version "20.19.1" */
export function nodeProblem(version: string): string | undefined {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `this is Node.js ${version}, and Postern needs ${LEAST_NODE.join('.')} or newer: https://nodejs.org has it`;
}
