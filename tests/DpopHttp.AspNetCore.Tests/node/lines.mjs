// The conversation with the test: this side says which key it has, the test answers with a token that is bound to it.
import { createInterface } from 'node:readline/promises';

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export function say(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

export async function hear() {
  return (await input.next()).value;
}
