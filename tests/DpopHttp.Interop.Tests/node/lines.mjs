// The protocol with the test process: one JSON object in argv, then JSON lines on stdin and stdout.
import { createInterface } from 'node:readline';

// stdout belongs to the test process: what the libraries print goes to stderr.
console.log = console.info = console.debug = console.error;

export const readConfig = () => JSON.parse(process.argv[2] ?? '{}');

export const writeLine = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

// Answers each line of stdin with one line on stdout, in order, and ends the process with stdin.
export async function serveLines(answer) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    try {
      writeLine(await answer(JSON.parse(line)));
    } catch (error) {
      writeLine({ ok: false, error: error.message });
    }
  }
  process.exit(0);
}
