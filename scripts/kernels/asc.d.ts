/**
 * What we use of the AssemblyScript compiler. Its own declarations would bring
 * the world of AssemblyScript, with its own `console`, into that of Node.
 */
declare const asc: {
  readonly version: string;
  main(
    options: readonly string[],
    files: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: string | Uint8Array): void;
      listFiles(): string[];
    },
  ): Promise<{ error: Error | null; stderr: { toString(): string } }>;
};
export default asc;
