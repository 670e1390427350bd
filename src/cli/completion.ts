/** `postern completion bash|zsh`: what a shell has to know to complete our command lines, made of the operations. Pure. */
import type { Command } from '../control/operation.js';

type Operations = readonly Command[];

export const SHELLS = ['bash', 'zsh'] as const;
export type Shell = (typeof SHELLS)[number];

/** Options of `start`, and those of every command. */
const START_OPTIONS = ['--data', '--config', '--set', '--ready-json'];
const COMMON_OPTIONS = ['--data', '--json'];

export function completionScript(shell: Shell, operations: Operations): string {
  return shell === 'bash' ? bash(operations) : zsh(operations);
}

function bash(operations: Operations): string {
  return `# bash completion of postern: eval "$(postern completion bash)"
${body(operations)}
complete -o default -F _postern postern
`;
}

/** zsh understands completions of bash. */
function zsh(operations: Operations): string {
  return `# zsh completion of postern: eval "$(postern completion zsh)"
autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
${body(operations)}
complete -o default -F _postern postern
`;
}

/** The longest run of words that are a command decides what may follow. */
function body(operations: Operations): string {
  const cases = [...nextWords(operations)].map(
    ([words, next]) => `    ${JSON.stringify(words)}) next=${JSON.stringify(next.join(' '))} ;;`,
  );
  return `_postern() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" word next="" i
  COMPREPLY=()
  case "$previous" in --data|--config|--write) return ;; esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in -*) continue ;; esac
    words="\${words:+$words }$word"
  done
  case "$words" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$next" -- "$current"))
}`;
}

function nextWords(operations: Operations): Map<string, string[]> {
  const next = new Map<string, string[]>([
    ['', ['start', 'help', 'completion']],
    ['start', START_OPTIONS],
    ['completion', [...SHELLS]],
  ]);
  const add = (words: string, word: string): void => {
    const known = next.get(words) ?? [];
    next.set(words, known.includes(word) ? known : [...known, word]);
  };
  for (const { name, parameters } of operations) {
    const words = name.split(' ');
    for (const [i, word] of words.entries()) add(words.slice(0, i).join(' '), word);
    const options = parameters.filter(({ place }) => place === 'option' || place === 'flag').map((parameter) => `--${parameter.name}`);
    const choices = parameters.find(({ place }) => place === 'positional')?.choices ?? [];
    for (const word of [...choices, ...options, ...COMMON_OPTIONS]) add(name, word);
    for (const choice of choices) for (const option of [...options, ...COMMON_OPTIONS]) add(`${name} ${choice}`, option);
  }
  return next;
}
