/** Loads the vector files of test/vectors. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface VectorFile<Case, Identity = unknown> {
  readonly description: string;
  readonly generatedAt: number;
  readonly cases: readonly Case[];
  readonly identities: Readonly<Record<string, Identity>>;
}

/** The sources' test/vectors, seen from dist/test/support. */
export const VECTORS_DIRECTORY = fileURLToPath(new URL('../../../test/vectors/', import.meta.url));

export function loadVectors<Case, Identity = unknown>(name: string): VectorFile<Case, Identity> {
  return JSON.parse(readFileSync(`${VECTORS_DIRECTORY}${name}`, 'utf8')) as VectorFile<Case, Identity>;
}
